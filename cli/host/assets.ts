import { fileURLToPath } from "node:url";
import { DenoFiles } from "./deno_files.ts";
import { withPackages } from "./package_files.ts";

/** The project's own files: configs, data, models; and below `packages/` the files of the npm packages that bring models. */
export const assets = withPackages(new DenoFiles(fileURLToPath(new URL("../..", import.meta.url))));
