import { canMove, writeAt } from "./replace_file.ts";
import { isLocked } from "./storage_failure.ts";

/** In TypeScript's library no handle has it; in browsers most do. */
interface Movable {
  move(folder: FileSystemDirectoryHandle, name: string): Promise<void>;
}

/** Bytes that are copied at a time, where a file must be copied. */
const PART = 2 ** 23;

/**
 * Puts a file of the origin private file system in the place of another, in one step. Where a browser has no `move`, or one that does not
 * replace, it is copied, and who looks meanwhile finds less than the whole; a page that is closed in between leaves the old file.
 */
export async function moveFile(
  from: FileSystemDirectoryHandle,
  name: string,
  to: FileSystemDirectoryHandle,
  newName: string,
  byMove = canMove(),
): Promise<void> {
  const file = await from.getFileHandle(name);
  if (byMove) {
    try {
      return await (file as unknown as Movable).move(to, newName);
    } catch (thrown) {
      if (isLocked(thrown)) throw thrown;
    }
  }
  await copy(await file.getFile(), await to.getFileHandle(newName, { create: true }));
  await from.removeEntry(name);
}

async function copy(from: File, to: FileSystemFileHandle): Promise<void> {
  const access = await to.createSyncAccessHandle();
  try {
    access.truncate(0);
    for (let at = 0; at < from.size; at += PART) {
      writeAt(access, new Uint8Array(await from.slice(at, at + PART).arrayBuffer()), at);
    }
    access.flush();
  } finally {
    access.close();
  }
}
