import { inflateSync } from "fflate";
import { InputError } from "../../../src/errors.ts";
import { type ArchiveEntry, MOST_FILES, MOST_UNPACKED } from "../archive_entry.ts";
import { megabytes } from "../megabytes.ts";
import { pauses } from "../pause.ts";
import { safePath } from "../safe_path.ts";
import { crc32 } from "./crc32.ts";
import { readDirectory, type ZipRecord } from "./zip_directory.ts";

/** The files of an archive, and what was left out of it. */
export interface Unpacked {
  readonly entries: readonly ArchiveEntry[];
  readonly notices: readonly string[];
}

const HEADER = 0x04034b50;
const HEADER_BYTES = 30;

/**
 * Unpacks a zip file. The whole of it is checked against the limits before anything is unpacked, and what is unpacked against its
 * size and checksum.
 *
 * @param name how messages call the file
 * @throws InputError where it is no zip file, broken, encrypted or too large, or has paths that lead out of it
 */
export async function readZip(bytes: Uint8Array, name: string): Promise<Unpacked> {
  const { records, links } = readDirectory(bytes, name);
  const total = records.reduce((sum, { unpacked }) => sum + unpacked, 0);
  if (records.length > MOST_FILES) {
    throw new InputError(`${name}: it holds ${records.length} files, of at most ${MOST_FILES}`);
  }
  if (total > MOST_UNPACKED) {
    throw new InputError(`${name}: unpacked it is ${megabytes(total)}, of at most ${megabytes(MOST_UNPACKED)}`);
  }
  const paths = new Set<string>();
  const pause = pauses();
  const entries: ArchiveEntry[] = [];
  for (const record of records) {
    const path = safePath(record.path);
    if (path === undefined) {
      throw new InputError(
        `${name}: '${record.path}' leads out of the folder that it is unpacked to, so it is not opened`,
      );
    }
    if (paths.has(path)) throw new InputError(`${name}: '${path}' stands twice in it`);
    paths.add(path);
    entries.push({ path, bytes: unpack(bytes, record, name) });
    await pause();
  }
  return { entries, notices: links.map((path) => `${name}: '${path}' is a link, and was left out`) };
}

function unpack(zip: Uint8Array, record: ZipRecord, name: string): Uint8Array {
  const { path, offset, method, packed, unpacked, crc } = record;
  const broken = new InputError(`${name}: '${path}' is broken in it. Download or pack it again`);
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  if (offset + HEADER_BYTES > zip.length || view.getUint32(offset, true) !== HEADER) throw broken;
  const start = offset + HEADER_BYTES + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (start + packed > zip.length) throw broken;
  const data = zip.subarray(start, start + packed);
  const bytes = method === "stored" ? data.slice() : inflated(data, unpacked);
  if (bytes?.length !== unpacked || crc32(bytes) !== crc) throw broken;
  return bytes;
}

/** Into as much as the directory promises, so that a file that lies about its size is cut, and found broken. */
function inflated(data: Uint8Array, size: number): Uint8Array | undefined {
  try {
    return inflateSync(data, { out: new Uint8Array(size) });
  } catch {
    return undefined;
  }
}
