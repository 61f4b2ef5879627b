/**
 * What differs between hosts. The Deno CLI and the browser page each implement it once; everything else in `src/` runs on
 * either without knowing which.
 */

/**
 * A folder of files, addressed by `/`-separated paths below its root. A real folder in Deno, OPFS in the browser, a map in
 * tests.
 */
export interface Files {
  /** The bytes of a file, or undefined where there is none. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** The same file, to be read in parts, for one that is too large to be read whole; close it. */
  open(path: string): Promise<OpenFile | undefined>;
  /** Replaces a file whole: a reader sees the old bytes or the new ones, never a part, whatever interrupts the writer. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Adds to the end of a file; what was added has reached the disk when this resolves. */
  append(path: string, bytes: Uint8Array): Promise<void>;
  /** Cuts a file to its first `length` bytes. */
  truncate(path: string, length: number): Promise<void>;
  /** The names directly below a folder, sorted; empty where the folder does not exist. */
  list(folder: string): Promise<string[]>;
  /** How a person finds `path` on this host, for messages. */
  describe(path: string): string;
}

/** A file that is read in parts. */
export interface OpenFile extends Disposable {
  /** In bytes. */
  readonly size: number;
  /**
   * The bytes from `start` up to `end`, in memory of their own; a host may put them into the beginning of `into` where that is given, so
   * that whoever reads part after part leaves none behind.
   *
   * @throws Failure where the file has become shorter
   */
  read(start: number, end: number, into?: Uint8Array): Promise<Uint8Array>;
}

export interface Clock {
  /** Milliseconds from some fixed moment; never goes back. */
  now(): number;
  /** The date and time, ISO 8601, UTC. */
  date(): string;
}

const decoder = new TextDecoder("utf-8", { fatal: true });
const encoder = new TextEncoder();

/** @throws TypeError where the file is not UTF-8 */
export async function readText(files: Files, path: string): Promise<string | undefined> {
  const bytes = await files.read(path);
  return bytes === undefined ? undefined : decoder.decode(bytes);
}

export function writeText(files: Files, path: string, text: string): Promise<void> {
  return files.write(path, encoder.encode(text));
}

export function appendText(files: Files, path: string, text: string): Promise<void> {
  return files.append(path, encoder.encode(text));
}

/** A file that is in memory as a whole. */
export function openBytes(bytes: Uint8Array | undefined): OpenFile | undefined {
  return bytes && {
    size: bytes.length,
    read: (start, end) => Promise.resolve(bytes.slice(start, end)),
    [Symbol.dispose]() {},
  };
}

/** The same files, seen from a folder among them. */
export function below(files: Files, folder: string): Files {
  const at = (path: string) => (path === "" ? folder : `${folder}/${path}`);
  return {
    read: (path) => files.read(at(path)),
    open: (path) => files.open(at(path)),
    write: (path, bytes) => files.write(at(path), bytes),
    append: (path, bytes) => files.append(at(path), bytes),
    truncate: (path, length) => files.truncate(at(path), length),
    list: (path) => files.list(at(path)),
    describe: (path) => files.describe(at(path)),
  };
}
