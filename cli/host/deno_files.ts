import { dirname, join } from "node:path";
import { Failure, messageOf } from "../../src/errors.ts";
import type { OpenFile } from "../../src/host.ts";
import type { CacheFiles } from "../../src/hub/cache_files.ts";

/** A half-written file bears this ending until it is renamed; a killed process may leave one, which nothing lists or reads. */
const unfinished = ".tmp";

/** A folder on the disk. Files that are appended to stay open until {@link close}, or the end of a `using` block. */
export class DenoFiles implements CacheFiles, Disposable {
  readonly #root: string;
  readonly #appending = new Map<string, Deno.FsFile>();

  constructor(root: string) {
    this.#root = root;
  }

  describe(path: string): string {
    return join(this.#root, path);
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    try {
      return await Deno.readFile(this.describe(path));
    } catch (thrown) {
      if (isAbsent(thrown)) return undefined;
      throw this.#failure("read", path, thrown);
    }
  }

  async open(path: string): Promise<OpenFile | undefined> {
    try {
      const file = await Deno.open(this.describe(path));
      const { size } = await file.stat();
      return {
        size,
        read: (start, end, into) => this.#readPart(file, path, start, end, into),
        [Symbol.dispose]: () => file.close(),
      };
    } catch (thrown) {
      if (isAbsent(thrown)) return undefined;
      throw this.#failure("read", path, thrown);
    }
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    this.#release(path);
    const target = this.describe(path);
    try {
      await Deno.mkdir(dirname(target), { recursive: true });
      using file = await Deno.open(target + unfinished, { write: true, create: true, truncate: true });
      writeWhole(file, bytes);
      await file.sync();
      await Deno.rename(target + unfinished, target);
      syncFolder(dirname(target));
    } catch (thrown) {
      throw this.#failure("write", path, thrown);
    }
  }

  /** Synchronous inside, so that two appends that nobody awaited still write one after the other. */
  // deno-lint-ignore require-await
  async append(path: string, bytes: Uint8Array): Promise<void> {
    try {
      const file = this.#appending.get(path) ?? this.#openToAppend(path);
      writeWhole(file, bytes);
      file.syncSync();
    } catch (thrown) {
      throw this.#failure("write", path, thrown);
    }
  }

  async truncate(path: string, length: number): Promise<void> {
    this.#release(path);
    try {
      using file = await Deno.open(this.describe(path), { write: true });
      await file.truncate(length);
      await file.sync();
    } catch (thrown) {
      throw this.#failure("write", path, thrown);
    }
  }

  async move(from: string, to: string): Promise<void> {
    this.#release(from);
    this.#release(to);
    const target = this.describe(to);
    try {
      await Deno.mkdir(dirname(target), { recursive: true });
      await Deno.rename(this.describe(from), target);
      syncFolder(dirname(target));
    } catch (thrown) {
      throw this.#failure("write", to, thrown);
    }
  }

  async remove(path: string): Promise<void> {
    for (const open of this.#appending.keys()) if (open === path || open.startsWith(`${path}/`)) this.#release(open);
    try {
      await Deno.remove(this.describe(path), { recursive: true });
    } catch (thrown) {
      if (!isAbsent(thrown)) throw this.#failure("remove", path, thrown);
    }
  }

  /**
   * Keeps a file, and with it whatever the file stands for, for this process until the claim is disposed of or the process
   * ends, however it ends. Undefined where another process holds it.
   */
  async claim(path: string): Promise<Disposable | undefined> {
    const target = this.describe(path);
    let file: Deno.FsFile;
    try {
      await Deno.mkdir(dirname(target), { recursive: true });
      file = await Deno.open(target, { write: true, create: true });
    } catch (thrown) {
      throw this.#failure("write", path, thrown);
    }
    // Some network file systems know no locks; without one, work there goes on as before.
    const claimed = await file.tryLock(true).catch(() => true);
    if (claimed) return file;
    file.close();
    return undefined;
  }

  async list(folder: string): Promise<string[]> {
    const names: string[] = [];
    try {
      for await (const { name } of Deno.readDir(this.describe(folder))) {
        if (!name.endsWith(unfinished)) names.push(name);
      }
    } catch (thrown) {
      if (isAbsent(thrown)) return [];
      throw this.#failure("read", folder, thrown);
    }
    return names.sort();
  }

  close(): void {
    for (const path of [...this.#appending.keys()]) this.#release(path);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Synchronous inside: a file has one place at which it is read, and two may read it at once. */
  // deno-lint-ignore require-await
  async #readPart(
    file: Deno.FsFile,
    path: string,
    start: number,
    end: number,
    into: Uint8Array = new Uint8Array(end - start),
  ): Promise<Uint8Array> {
    const bytes = into.subarray(0, end - start);
    try {
      file.seekSync(start, Deno.SeekMode.Start);
      for (let at = 0; at < bytes.length;) {
        const count = file.readSync(bytes.subarray(at));
        if (count === null) throw new Error("it has become shorter");
        at += count;
      }
    } catch (thrown) {
      throw this.#failure("read", path, thrown);
    }
    return bytes;
  }

  #openToAppend(path: string): Deno.FsFile {
    const target = this.describe(path);
    Deno.mkdirSync(dirname(target), { recursive: true });
    const file = Deno.openSync(target, { append: true, create: true });
    this.#appending.set(path, file);
    syncFolder(dirname(target));
    return file;
  }

  #release(path: string): void {
    this.#appending.get(path)?.close();
    this.#appending.delete(path);
  }

  #failure(what: "read" | "write" | "remove", path: string, thrown: unknown): Failure {
    return new Failure(`cannot ${what} ${this.describe(path)}: ${reasonOf(thrown)}`);
  }
}

function writeWhole(file: Deno.FsFile, bytes: Uint8Array): void {
  let rest = bytes;
  while (rest.length > 0) rest = rest.subarray(file.writeSync(rest));
}

/** A new name in a folder outlives a power cut only once the folder itself has been synced. Not every system can. */
function syncFolder(folder: string): void {
  if (Deno.build.os === "windows") return;
  using handle = Deno.openSync(folder, { read: true });
  handle.syncSync();
}

function isAbsent(thrown: unknown): boolean {
  return thrown instanceof Deno.errors.NotFound;
}

/** The system's words, without the number and the path that follow them. */
function reasonOf(thrown: unknown): string {
  // Making its folder met a file.
  if (thrown instanceof Deno.errors.AlreadyExists) return "the folder it belongs in is a file";
  const words = messageOf(thrown).replace(/ \(os error .*$/s, "");
  return words.charAt(0).toLowerCase() + words.slice(1);
}
