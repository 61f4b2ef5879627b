import { fileURLToPath } from "node:url";
import { DenoFiles } from "./deno_files.ts";

/** The project's own files: configs, data, models. */
export const assets = new DenoFiles(fileURLToPath(new URL("../..", import.meta.url)));
