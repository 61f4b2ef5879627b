import { resolve } from "node:path";
import type { Files } from "../../src/host.ts";
import { DenoFiles } from "./deno_files.ts";
import { readInputFile } from "./input_file.ts";

/** The user's files, read-only, by paths as the user writes them: from the folder of the call, or absolute. */
export function userFiles(cwd: string): Files {
  const refuse = () => Promise.reject(new Error("the user's files are only read"));
  return {
    read: (path) => readInputFile(path, cwd),
    open: (path) => new DenoFiles(resolve(cwd, path)).open(""),
    write: refuse,
    append: refuse,
    truncate: refuse,
    list: (path) => new DenoFiles(resolve(cwd, path)).list(""),
    describe: (path) => resolve(cwd, path),
  };
}
