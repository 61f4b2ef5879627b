/// <reference lib="dom" />
/// <reference lib="dom.asynciterable" />
/// <reference lib="webworker" />
import { expose } from "comlink";
import { readText, writeText } from "../../../src/host.ts";
import { OpfsFiles } from "../../../web/host/opfs_files.ts";
import { moveFile } from "../../../web/host/move_file.ts";
import { replaceFile } from "../../../web/host/replace_file.ts";
import { storageEstimate } from "../../../web/host/storage_estimate.ts";

// Not awaited here: a message that comes before `expose` would be lost.
const opened = OpfsFiles.open();
const encoder = new TextEncoder();
let claim: Disposable | undefined;

/** A Worker of a page, as a tab has one. Texts in place of bytes, and the ways in which a tab can be closed. */
const tab = {
  read: async (path: string) => readText(await opened, path),
  write: async (path: string, text: string) => writeText(await opened, path, text),
  append: async (path: string, text: string) => (await opened).append(path, encoder.encode(text)),
  /** The size of a file, and some of its parts. */
  async readParts(path: string, parts: readonly (readonly [number, number])[]) {
    using file = await (await opened).open(path);
    if (!file) return undefined;
    const read = await Promise.all(parts.map(([start, end]) => file.read(start, end)));
    return [file.size, ...read.map((bytes) => new TextDecoder().decode(bytes))];
  },
  writeLong: async (path: string, bytes: number) => (await opened).write(path, new Uint8Array(bytes)),
  appendLong: async (path: string, bytes: number) => (await opened).append(path, new Uint8Array(bytes)),
  /** Without waiting for one before the next. */
  async appendAll(path: string, texts: string[]): Promise<void> {
    const files = await opened;
    await Promise.all(texts.map((text) => files.append(path, encoder.encode(text))));
  },
  async writeAndRead(path: string, texts: string[]): Promise<string | undefined> {
    const files = await opened;
    const written = texts.map((text) => writeText(files, path, text));
    const read = await readText(files, path);
    await Promise.all(written);
    return read;
  },
  truncate: async (path: string, length: number) => (await opened).truncate(path, length),
  list: async (folder: string) => (await opened).list(folder),
  sizeOf: async (folder: string) => (await opened).sizeOf(folder),
  removeFolder: async (path: string) => (await opened).removeFolder(path),
  /** What the browser has, unfinished files too. */
  async names(folder: string): Promise<string[]> {
    let at = await navigator.storage.getDirectory();
    for (const name of folder.split("/")) at = await at.getDirectoryHandle(name);
    return (await Array.fromAsync(at.keys())).sort();
  },
  remove: async (path: string) => (await opened).remove(path),
  move: async (from: string, to: string) => (await opened).move(from, to),
  makeRoom: async (bytes: number) => (await opened).makeRoom(bytes),
  close: async () => (await opened).close(),
  storageEstimate: () => storageEstimate(),

  async claim(path: string): Promise<boolean> {
    claim = await (await opened).claim(path);
    return claim !== undefined;
  },
  unclaim: () => claim?.[Symbol.dispose](),

  /** Replaces a file at the root as a browser without `move` does. */
  async replaceSlowly(name: string, text: string): Promise<void> {
    await replaceFile(await navigator.storage.getDirectory(), name, encoder.encode(text), false);
  },

  /** Moves a file at the root as a browser without `move` does. */
  async moveSlowly(from: string, to: string): Promise<void> {
    const root = await navigator.storage.getDirectory();
    await moveFile(root, from, root, to, false);
  },

  /** Writes a file at the root with no care at all: what an interrupted writer left. */
  async leave(name: string, bytes: Uint8Array): Promise<void> {
    const handle = await (await navigator.storage.getDirectory()).getFileHandle(name, { create: true });
    const access = await handle.createSyncAccessHandle();
    access.truncate(0);
    access.write(bytes as Uint8Array<ArrayBuffer>);
    access.close();
  },

  /** Whether this browser's own `move` puts a file in the place of another. */
  async moveReplaces(): Promise<boolean> {
    const root = await navigator.storage.getDirectory();
    for (const name of ["old", "new"]) await tab.leave(name, encoder.encode(name));
    const handle = await root.getFileHandle("new") as FileSystemFileHandle & {
      move(folder: FileSystemDirectoryHandle, name: string): Promise<void>;
    };
    await handle.move(root, "old");
    const moved = await tab.read("old") === "new" && await tab.read("new") === undefined;
    await root.removeEntry("old");
    return moved;
  },
};

export type Tab = typeof tab;

expose(tab);
