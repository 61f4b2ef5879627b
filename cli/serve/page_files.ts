import { createHash } from "node:crypto";
import { Failure } from "../../src/errors.ts";

export interface PageFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** A strong validator: a hash of the bytes, in quotes. */
  readonly etag: string;
}

/** The files of a built page by their path below its folder, `/` between parts. */
export type PageFiles = ReadonlyMap<string, PageFile>;

/**
 * Reads a built page whole, a few megabytes, so that no address that a browser may ask for ever becomes a path on the disk.
 * Symbolic links are left out.
 *
 * @throws Failure where the folder holds no page
 */
export async function readPage(folder: string): Promise<PageFiles> {
  const files = new Map<string, PageFile>();
  try {
    await readInto(files, folder, "");
  } catch (thrown) {
    if (!(thrown instanceof Deno.errors.NotFound)) throw thrown;
  }
  if (!files.has("index.html")) throw new Failure(`${folder}: no page is built there. Build it: deno task build`);
  return files;
}

async function readInto(files: Map<string, PageFile>, folder: string, below: string): Promise<void> {
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    if (isDirectory) await readInto(files, `${folder}/${name}`, `${below}${name}/`);
    if (!isFile) continue;
    const bytes = await Deno.readFile(`${folder}/${name}`);
    files.set(below + name, {
      bytes,
      etag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`,
    });
  }
}
