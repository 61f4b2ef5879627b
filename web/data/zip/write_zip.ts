import { type FlateError, Zip, ZipDeflate } from "fflate";
import type { ArchiveEntry } from "../archive_entry.ts";
import { pauses } from "../pause.ts";

/** By the local clock, as zip files have it: every archive of the same files is the same. */
const someDate = new Date(1980, 0, 1);
const UNIX = 3;
/** A file that its owner writes and everybody reads. */
const attributes = 0o100644 * 0x10000;

/** Packs files, sorted by path. Equal files give equal bytes. */
export async function writeZip(entries: readonly ArchiveEntry[]): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const pause = pauses();
  let failed: FlateError | null = null;
  const zip = new Zip((error, chunk) => {
    failed ??= error;
    if (chunk) chunks.push(chunk);
  });
  for (const { path, bytes } of [...entries].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const file = new ZipDeflate(path, { level: 6 });
    file.mtime = someDate;
    file.os = UNIX;
    file.attrs = attributes;
    zip.add(file);
    file.push(bytes, true);
    await pause();
  }
  zip.end();
  if (failed) throw failed;
  return joined(chunks);
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
