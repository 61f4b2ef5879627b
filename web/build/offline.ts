import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Plugin, Rolldown } from "vite";
import { PACKAGE_FOLDER } from "./project_files.ts";

/** At the root: a service worker answers for its own folder and what is below it. */
const SCRIPT = "service_worker.js";

/** A file of the build that the page keeps for use offline. */
interface Kept {
  readonly path: string;
  readonly integrity?: string;
}

/**
 * Names all files of the build in its service worker, with their hashes, but for those of packages, which it keeps once they are fetched. A copy that is stored while a host changes from one build
 * to the next then fails, and is stored at the next visit, rather than being of both.
 */
export function offline(): Plugin {
  let publicDir = "";
  return {
    name: "offline",
    enforce: "post",
    apply: "build",
    configResolved(config) {
      publicDir = config.publicDir;
    },
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const script = bundle[SCRIPT];
        if (script?.type !== "chunk") throw new Error(`the build made no ${SCRIPT}`);
        if (script.imports.length > 0) {
          throw new Error(`${SCRIPT} imports ${script.imports}; it must be one plain script`);
        }
        const files = new Map([...built(bundle), ...filesBelow(publicDir)]);
        files.delete(SCRIPT);
        for (const path of files.keys()) {
          if (path.startsWith(PACKAGE_FOLDER)) files.delete(path);
        }
        script.code = `const BUILD=${
          JSON.stringify({ ...describe(files, script.code), fetchedLater: PACKAGE_FOLDER })
        };\n${script.code}`;
      },
    },
  };
}

function describe(files: ReadonlyMap<string, Uint8Array>, script: string): { version: string; files: Kept[] } {
  const whole = createHash("sha256").update(script);
  const kept = [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, bytes]): Kept => {
    const hash = createHash("sha256").update(bytes).digest("base64");
    whole.update(`${path} ${hash}\n`);
    // Some hosts unpack these on the way, and the browser checks what arrives.
    return path.endsWith(".gz") ? { path } : { path, integrity: `sha256-${hash}` };
  });
  return { version: whole.digest("hex").slice(0, 16), files: kept };
}

function* built(bundle: Rolldown.OutputBundle): Iterable<[string, Uint8Array]> {
  for (const [path, output] of Object.entries(bundle)) {
    const source = output.type === "chunk" ? output.code : output.source;
    yield [path, typeof source === "string" ? new TextEncoder().encode(source) : source];
  }
}

function* filesBelow(folder: string): Iterable<[string, Uint8Array]> {
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const file = join(folder, name);
    if (statSync(file).isFile()) yield [name.replaceAll("\\", "/"), readFileSync(file)];
  }
}
