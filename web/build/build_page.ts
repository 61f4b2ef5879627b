import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { build } from "vite";
import config from "../vite.config.ts";

/*
 * Builds the page as `deno task build` does, but says only what is wrong, and replaces `web/dist` at once, so that nobody meets half
 * a page. It needs no more permissions than to read, to write `web/dist` and `node_modules`, and to load Vite's native parts.
 */
// Whatever calls this: Lit, for one, brings other code for development.
process.env.NODE_ENV = "production";

const root = join(import.meta.dirname!, "../..");
const page = join(root, "web/dist");
const scratch = join(root, `node_modules/.pupil-page-${process.pid}`);

try {
  const built = join(scratch, "built");
  await build({ ...config, configFile: false, logLevel: "warn", build: { ...config.build, outDir: built } });
  replace(page, built);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function replace(folder: string, by: string): void {
  // Renaming needs a folder to be there, or not to be: then the outcome is the same whoever else does this now.
  mkdirSync(folder, { recursive: true });
  renameSync(folder, join(scratch, "old"));
  try {
    renameSync(by, folder);
  } catch (thrown) {
    if ((thrown as { readonly code?: string }).code !== "ENOTEMPTY") throw thrown;
  }
}
