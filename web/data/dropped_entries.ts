import { InputError } from "../../src/errors.ts";
import { type ArchiveEntry, MOST_FILES, MOST_UNPACKED } from "./archive_entry.ts";
import { megabytes } from "./megabytes.ts";
import { safePath } from "./safe_path.ts";

/** A file of a folder that was dropped or chosen, not read yet. It crosses from the page to its Worker as it is. */
export interface DroppedFile {
  /** From the folder's own name on, with '/' between its segments. */
  readonly path: string;
  readonly file: Blob;
}

/**
 * Reads the files of a folder that was dropped.
 *
 * @param name how messages call the folder
 * @throws InputError where they are too many or too large, or a file cannot be read
 */
export async function droppedEntries(dropped: readonly DroppedFile[], name: string): Promise<ArchiveEntry[]> {
  if (dropped.length > MOST_FILES) throw new InputError(`${name}: it holds more than ${MOST_FILES} files`);
  const total = dropped.reduce((sum, { file }) => sum + file.size, 0);
  if (total > MOST_UNPACKED) {
    throw new InputError(`${name}: its files are ${megabytes(total)}, of at most ${megabytes(MOST_UNPACKED)}`);
  }
  const entries: ArchiveEntry[] = [];
  for (const { path: given, file } of dropped) {
    const path = safePath(given);
    if (path === undefined) throw new InputError(`${name}: '${given}' is no path of a file in a folder`);
    try {
      entries.push({ path, bytes: new Uint8Array(await file.arrayBuffer()) });
    } catch {
      throw new InputError(`${name}: '${given}' cannot be read. It may have changed since it was dropped`);
    }
  }
  return entries;
}
