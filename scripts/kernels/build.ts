import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildLibrary, LIBRARY_FILES } from "./build_library.ts";

const folder = "kernels/dist";
await buildLibrary(join(import.meta.dirname!, "../..", folder));
for (const file of LIBRARY_FILES) {
  const bytes = readFileSync(join(import.meta.dirname!, "../..", folder, file));
  const kilobytes = (size: number) => `${(size / 1000).toFixed(1)} kB`;
  // deno-lint-ignore no-console -- A tool of the command line.
  console.log(`${folder}/${file}: ${kilobytes(bytes.length)}, ${kilobytes(gzipSync(bytes).length)} with gzip`);
}
