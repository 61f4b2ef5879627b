import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "rolldown";
import { dts } from "rolldown-plugin-dts";

const root = join(import.meta.dirname!, "../..");

export const LIBRARY_FILES = ["pupil_kernels.js", "pupil_kernels.d.ts"] as const;

/** Builds the kernel library into a folder: one ES module that imports nothing, with its WGSL inside, and its declarations. */
export async function buildLibrary(folder: string): Promise<void> {
  const [name] = LIBRARY_FILES.map((file) => basename(file, ".js"));
  await build({
    cwd: root,
    input: { [name!]: "kernels/kernels.ts" },
    platform: "browser",
    moduleTypes: { ".wgsl": "text" },
    // Without TypeScript: what is exported states its types.
    plugins: [dts({ cwd: root, generator: "oxc", tsconfig: false })],
    output: { dir: folder, format: "es", postBanner: ({ fileName }) => headerOf(fileName) },
    // Such as an import that is not found, which would be left to whoever loads the module.
    onLog(level, { message }) {
      if (level === "warn") throw new Error(message);
    },
  });
}

function headerOf(file: string): string {
  const { name, version } = JSON.parse(readFileSync(join(root, "kernels/deno.json"), "utf8"));
  const lines = [`${name} ${version}: WGSL kernels for WebGPU, from Pupil.`, "Licence: Apache-2.0"];
  // By which Deno finds the declarations; TypeScript finds them by their name.
  if (file.endsWith(".js")) lines.push(`@ts-self-types="./${LIBRARY_FILES[1]}"`);
  return lines.map((line) => `// ${line}\n`).join("");
}
