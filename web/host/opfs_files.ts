import { Failure } from "../../src/errors.ts";
import { openBytes, type OpenFile } from "../../src/host.ts";
import type { CacheFiles } from "../../src/hub/cache_files.ts";
import { megabytes } from "../data/megabytes.ts";
import { claimName } from "./claim.ts";
import { InOrder } from "./in_order.ts";
import { moveFile } from "./move_file.ts";
import { finishedBeside, finishReplacing, replaceFile, unfinished, writeAt } from "./replace_file.ts";
import { storageEstimate } from "./storage_estimate.ts";
import { isAbsent, isOutdated, storageFailure } from "./storage_failure.ts";

/** What one entry of a folder takes. */
export interface StoredSize {
  readonly path: string;
  readonly bytes: number;
}

/** How often a file is read again that another tab changes at that moment. */
const READS = 20;

/**
 * The browser's origin private file system, as a Worker has it. Files that are appended to stay open, and locked against other tabs,
 * until {@link close}, or the end of a `using` block. What concerns one file happens in the order in which it was asked for.
 *
 * Every method throws a Failure that says what a person can do: storage that is full, a file that another tab has open.
 */
export class OpfsFiles implements CacheFiles, Disposable {
  readonly #root: FileSystemDirectoryHandle;
  readonly #appending = new Map<string, FileSystemSyncAccessHandle>();
  readonly #inOrder = new InOrder();

  constructor(root: FileSystemDirectoryHandle) {
    this.#root = root;
  }

  /** The files of this origin. @throws Failure where this window keeps none */
  static async open(): Promise<OpfsFiles> {
    if (!isSecureContext) {
      throw new Failure(
        "a browser lets this page keep anything only over HTTPS or at localhost: open it at such an address",
      );
    }
    try {
      return new OpfsFiles(await navigator.storage.getDirectory());
    } catch (thrown) {
      throw storageFailure("read", "the browser's storage", thrown);
    }
  }

  describe(path: string): string {
    return path === "" ? "the browser's storage" : path;
  }

  read(path: string): Promise<Uint8Array | undefined> {
    return this.#at(path, "read", async () => {
      if (isOutside(path)) return undefined;
      const open = this.#appending.get(path);
      if (open) return readOpen(open);
      const [folders, name] = split(path);
      try {
        const folder = await this.#folder(folders);
        return await finishedBeside(folder, name) ?? await readClosed(await folder.getFileHandle(name));
      } catch (thrown) {
        if (isAbsent(thrown)) return undefined;
        throw thrown;
      }
    });
  }

  open(path: string): Promise<OpenFile | undefined> {
    return this.#at(path, "read", async () => {
      if (isOutside(path)) return undefined;
      const [folders, name] = split(path);
      try {
        const folder = await this.#folder(folders);
        const finished = await finishedBeside(folder, name);
        return finished ? openBytes(finished) : openBlob(await (await folder.getFileHandle(name)).getFile());
      } catch (thrown) {
        if (isAbsent(thrown)) return undefined;
        throw thrown;
      }
    });
  }

  write(path: string, bytes: Uint8Array): Promise<void> {
    return this.#at(path, "write", async () => {
      this.#release(path);
      const [folders, name] = split(path);
      await replaceFile(await this.#newFolder(folders), name, bytes);
    });
  }

  append(path: string, bytes: Uint8Array): Promise<void> {
    return this.#at(path, "write", async () => {
      const file = this.#appending.get(path) ?? await this.#openToAppend(path);
      const size = file.getSize();
      try {
        writeAt(file, bytes, size);
        file.flush();
      } catch (thrown) {
        // A full storage takes a part of a line; what follows must not be added to that.
        file.truncate(size);
        throw thrown;
      }
    });
  }

  truncate(path: string, length: number): Promise<void> {
    return this.#at(path, "write", async () => {
      this.#release(path);
      const [folders, name] = split(path);
      const folder = await this.#folder(folders);
      await finishReplacing(folder, name);
      const file = await (await folder.getFileHandle(name)).createSyncAccessHandle();
      try {
        file.truncate(length);
        file.flush();
      } finally {
        file.close();
      }
    });
  }

  async list(folder: string): Promise<string[]> {
    try {
      const at = await this.#folder(segmentsOf(folder));
      const names = new Set<string>();
      const besides: string[] = [];
      for await (const name of at.keys()) {
        if (name.endsWith(unfinished)) besides.push(name.slice(0, -unfinished.length));
        else names.add(name);
      }
      for (const name of besides) {
        if (!names.has(name) && await finishedBeside(at, name)) names.add(name);
      }
      return [...names].sort();
    } catch (thrown) {
      if (isAbsent(thrown)) return [];
      throw storageFailure("read", this.describe(folder), thrown);
    }
  }

  /**
   * Keeps a path, and with it whatever the path stands for, for this tab until the claim is disposed of or the tab ends. Undefined
   * where another tab holds it.
   */
  claim(path: string): Promise<Disposable | undefined> {
    return claimName(path);
  }

  /** Removes a folder with all that is in it; one that does not exist is none the less removed. */
  async removeFolder(path: string): Promise<void> {
    for (const each of [...this.#appending.keys()]) if (each.startsWith(`${path}/`)) this.#release(each);
    await this.#remove(path);
  }

  /** Removes a file, or a folder with all that is in it; what does not exist is none the less removed. */
  remove(path: string): Promise<void> {
    return this.#at(path, "remove", async () => {
      this.#release(path);
      await this.#remove(path + unfinished);
      await this.removeFolder(path);
    });
  }

  /** Puts a file in the place of another. */
  move(from: string, to: string): Promise<void> {
    return this.#at(from, "write", () =>
      this.#at(to, "write", async () => {
        this.#release(from);
        this.#release(to);
        const [fromFolders, fromName] = split(from);
        const [toFolders, toName] = split(to);
        const folder = await this.#folder(fromFolders);
        await finishReplacing(folder, fromName);
        await moveFile(folder, fromName, await this.#newFolder(toFolders), toName);
      }));
  }

  /** @throws Failure where the browser gives this page less than so many bytes more */
  async makeRoom(bytes: number): Promise<void> {
    const { used, allowed } = await storageEstimate();
    const left = Math.max(0, allowed - used);
    if (bytes <= left) return;
    throw new Failure(
      `it takes ${megabytes(bytes)}, and the browser leaves this page ${megabytes(left)}\n` +
        "Export what you want to keep, then remove runs, data or models that you no longer need",
    );
  }

  /** What each file and folder directly below a folder takes, sorted by path; empty where the folder does not exist. */
  async sizeOf(folder: string): Promise<StoredSize[]> {
    try {
      const at = await this.#folder(segmentsOf(folder));
      const sizes: StoredSize[] = [];
      for await (const [name, handle] of at.entries()) {
        sizes.push({ path: folder === "" ? name : `${folder}/${name}`, bytes: await bytesOf(handle) });
      }
      return sizes.sort((a, b) => (a.path < b.path ? -1 : 1));
    } catch (thrown) {
      if (isAbsent(thrown)) return [];
      throw storageFailure("read", this.describe(folder), thrown);
    }
  }

  close(): void {
    for (const path of [...this.#appending.keys()]) this.#release(path);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #at<T>(path: string, what: "read" | "write" | "remove", work: () => Promise<T>): Promise<T> {
    return this.#inOrder.run(path, async () => {
      try {
        return await work();
      } catch (thrown) {
        throw storageFailure(what, this.describe(path), thrown);
      }
    });
  }

  async #openToAppend(path: string): Promise<FileSystemSyncAccessHandle> {
    const [folders, name] = split(path);
    const folder = await this.#newFolder(folders);
    await finishReplacing(folder, name);
    const file = await (await folder.getFileHandle(name, { create: true })).createSyncAccessHandle();
    this.#appending.set(path, file);
    return file;
  }

  #release(path: string): void {
    this.#appending.get(path)?.close();
    this.#appending.delete(path);
  }

  async #remove(path: string): Promise<void> {
    const [folders, name] = split(path);
    try {
      await (await this.#folder(folders)).removeEntry(name, { recursive: true });
    } catch (thrown) {
      if (!isAbsent(thrown)) throw storageFailure("remove", this.describe(path), thrown);
    }
  }

  #folder(names: readonly string[]): Promise<FileSystemDirectoryHandle> {
    return this.#walk(names, { create: false });
  }

  #newFolder(names: readonly string[]): Promise<FileSystemDirectoryHandle> {
    return this.#walk(names, { create: true });
  }

  async #walk(names: readonly string[], options: FileSystemGetDirectoryOptions): Promise<FileSystemDirectoryHandle> {
    let at = this.#root;
    for (const name of names) at = await at.getDirectoryHandle(name, options);
    return at;
  }
}

function segmentsOf(path: string): string[] {
  // A plan names a model's folder as `./models/NAME`.
  return path.split("/").filter((segment) => segment !== "" && segment !== ".");
}

/** A plan from elsewhere may name a file that lay beside its folder. None of those is here, and the browser takes such names ill. */
function isOutside(path: string): boolean {
  return /(^|\/)\.\.(\/|$)|\\/.test(path);
}

function openBlob(blob: Blob): OpenFile {
  return {
    size: blob.size,
    read: async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
    [Symbol.dispose]() {},
  };
}

function split(path: string): [folders: string[], name: string] {
  const segments = segmentsOf(path);
  return [segments.slice(0, -1), segments.at(-1) ?? ""];
}

function readOpen(file: FileSystemSyncAccessHandle): Uint8Array {
  const bytes = new Uint8Array(file.getSize());
  file.read(bytes, { at: 0 });
  return bytes;
}

/** By a snapshot, which takes no lock. One that another tab's write has made worthless before it was read is taken again. */
async function readClosed(handle: FileSystemFileHandle): Promise<Uint8Array> {
  for (let left = READS;; left--) {
    const file = await handle.getFile();
    try {
      return new Uint8Array(await file.arrayBuffer());
    } catch (thrown) {
      if (left === 0 || !(isOutdated(thrown) || isAbsent(thrown))) throw thrown;
    }
  }
}

async function bytesOf(handle: FileSystemHandle): Promise<number> {
  if (isFile(handle)) return (await handle.getFile()).size;
  let bytes = 0;
  if (isFolder(handle)) { for await (const below of handle.values()) bytes += await bytesOf(below); }
  return bytes;
}

function isFile(handle: FileSystemHandle): handle is FileSystemFileHandle {
  return handle.kind === "file";
}

function isFolder(handle: FileSystemHandle): handle is FileSystemDirectoryHandle {
  return handle.kind === "directory";
}
