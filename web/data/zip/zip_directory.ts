import { InputError } from "../../../src/errors.ts";

/** What the directory of a zip file says of one file in it. */
export interface ZipRecord {
  readonly path: string;
  /** Where its header begins. */
  readonly offset: number;
  readonly method: "stored" | "deflated";
  readonly packed: number;
  readonly unpacked: number;
  readonly crc: number;
}

export interface ZipDirectory {
  readonly records: readonly ZipRecord[];
  /** Links, which are not followed. */
  readonly links: readonly string[];
}

const END = 0x06054b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const RECORD = 0x02014b50;
const RECORD_BYTES = 46;
const UNIX = 3;

/**
 * Reads the directory at the end of a zip file, which counts, whatever the headers before the files say.
 *
 * @param name how messages call the file
 * @throws InputError where it is no zip file, cut short, encrypted, or packed in a way that nobody uses
 */
export function readDirectory(bytes: Uint8Array, name: string): ZipDirectory {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOf(view);
  if (end === undefined) throw new InputError(`${name}: not a zip file, or cut short`);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (count === 0xffff || at === 0xffffffff) {
    throw new InputError(`${name}: a zip file of the kind for huge archives, which is not read here`);
  }
  const records: ZipRecord[] = [];
  const links: string[] = [];
  for (let index = 0; index < count; index++) {
    if (at + RECORD_BYTES > end || view.getUint32(at, true) !== RECORD) {
      throw new InputError(`${name}: the zip file's list of files is broken`);
    }
    const nameBytes = view.getUint16(at + 28, true);
    const next = at + RECORD_BYTES + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > end) throw new InputError(`${name}: the zip file's list of files is broken`);
    const path = new TextDecoder().decode(bytes.subarray(at + RECORD_BYTES, at + RECORD_BYTES + nameBytes));
    if (isLink(view, at)) links.push(path);
    else if (!/[/\\]$/.test(path)) records.push(recordAt(view, at, path, name));
    at = next;
  }
  return { records, links };
}

/** The end of the directory stands at the end of the file, before a comment. */
function endOf(view: DataView): number | undefined {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) {
    if (view.getUint32(at, true) === END && at + END_BYTES + view.getUint16(at + 20, true) <= view.byteLength) {
      return at;
    }
  }
  return undefined;
}

function isLink(view: DataView, at: number): boolean {
  return view.getUint8(at + 5) === UNIX && (view.getUint32(at + 38, true) >>> 28) === 0o12;
}

function recordAt(view: DataView, at: number, path: string, name: string): ZipRecord {
  const [packed, unpacked] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
  if (view.getUint16(at + 8, true) & 1) {
    throw new InputError(`${name}: '${path}' is encrypted. Pack it without a password`);
  }
  if (packed === 0xffffffff || unpacked === 0xffffffff) {
    throw new InputError(`${name}: '${path}' is huge, and not read here`);
  }
  return {
    path,
    offset: view.getUint32(at + 42, true),
    method: methodAt(view, at, path, name),
    packed,
    unpacked,
    crc: view.getUint32(at + 16, true),
  };
}

function methodAt(view: DataView, at: number, path: string, name: string): ZipRecord["method"] {
  const method = view.getUint16(at + 10, true);
  if (method === 0) return "stored";
  if (method === 8) return "deflated";
  throw new InputError(`${name}: '${path}' is packed by method ${method}. Pack it as zip usually does (deflate)`);
}
