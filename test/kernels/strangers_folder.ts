import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildLibrary } from "../../scripts/kernels/build_library.ts";

export const root = join(import.meta.dirname!, "../..");

/** A folder outside the project, with the two built files and the program of docs/examples: all that a stranger has. */
export class StrangersFolder {
  private constructor(readonly path: string) {}

  static async make(): Promise<StrangersFolder> {
    const path = await mkdtemp(join(tmpdir(), "pupil-kernels-"));
    await buildLibrary(path);
    await cp(join(root, "docs/examples/row_stats.js"), join(path, "row_stats.js"));
    return new StrangersFolder(path);
  }

  read(file: string): Promise<string> {
    return readFile(join(this.path, file), "utf8");
  }

  /** Calls Deno there. */
  async deno(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...args],
      cwd: this.path,
      env: { NO_COLOR: "1", XDG_RUNTIME_DIR: this.path, ...env },
      stdin: "null",
    }).output();
    const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, stdout: decode(stdout), stderr: decode(stderr) };
  }

  remove(): Promise<void> {
    return rm(this.path, { recursive: true, force: true });
  }
}
