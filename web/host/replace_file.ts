import { hash } from "../../src/hash.ts";
import { isAbsent, isLocked, isOutdated } from "./storage_failure.ts";

/**
 * Replacing a file of the origin private file system whole: who reads sees the old bytes or the new ones, whatever interrupts it.
 *
 * The new bytes are written beside, to `NAME.tmp`, and flushed. Then `move` puts that file in the other's place, in one step.
 * Where a browser has no `move`, or one that does not replace, `NAME.tmp` is given a trailer that proves it whole: its length
 * and SHA-256. From then on it counts as the file; the file itself is written, and `NAME.tmp` removed. A page that is closed in
 * between leaves a whole `NAME.tmp`, which readers prefer and the next writer puts in place; a cut one has no valid trailer.
 */

/** The ending of a file that is being written. No file of its own may have it. */
export const unfinished = ".tmp";

const MAGIC = "PUPILTMP";
/** The magic word, the hash in hexadecimal, the length in hexadecimal. */
const TRAILER = MAGIC.length + 64 + 12;

/** In TypeScript's library no handle has it; in browsers most do. */
interface Movable {
  move?(folder: FileSystemDirectoryHandle, name: string): Promise<void>;
}

/** Whether this browser replaces a file in one step. */
export function canMove(): boolean {
  return "move" in FileSystemFileHandle.prototype;
}

export async function replaceFile(
  folder: FileSystemDirectoryHandle,
  name: string,
  bytes: Uint8Array,
  byMove = canMove(),
): Promise<void> {
  const beside = await folder.getFileHandle(name + unfinished, { create: true });
  const dropped = async (thrown: unknown): Promise<never> => {
    await folder.removeEntry(name + unfinished).catch(() => {});
    throw thrown;
  };
  try {
    await writeWhole(beside, [bytes]);
    if (byMove && await moved(beside, folder, name)) return;
    await writeWhole(beside, [bytes, trailerOf(bytes)]);
  } catch (thrown) {
    return await dropped(thrown);
  }
  try {
    await putInPlace(folder, name, bytes);
  } catch (thrown) {
    // Another tab has the file open, so nothing of it was changed. Anything else may have cut it, and what is beside it is whole.
    return isLocked(thrown) ? await dropped(thrown) : Promise.reject(thrown);
  }
}

/** The bytes that a writer had whole beside a file when it was interrupted; undefined where there are none. */
export async function finishedBeside(folder: FileSystemDirectoryHandle, name: string): Promise<Uint8Array | undefined> {
  try {
    const file = await (await folder.getFileHandle(name + unfinished)).getFile();
    if (file.size < TRAILER) return undefined;
    const ending = new TextDecoder().decode(await file.slice(-TRAILER).arrayBuffer());
    if (!ending.startsWith(MAGIC)) return undefined;
    const bytes = new Uint8Array(await file.slice(0, -TRAILER).arrayBuffer());
    return ending === new TextDecoder().decode(trailerOf(bytes)) ? bytes : undefined;
  } catch (thrown) {
    if (isAbsent(thrown) || isOutdated(thrown)) return undefined;
    throw thrown;
  }
}

/** Puts in place what an interrupted writer left whole beside a file; elsewhere it does nothing. */
export async function finishReplacing(folder: FileSystemDirectoryHandle, name: string): Promise<void> {
  const bytes = await finishedBeside(folder, name);
  if (bytes) await putInPlace(folder, name, bytes);
}

/** False where the browser does not replace a file by another: then the slower way. */
async function moved(from: FileSystemFileHandle, folder: FileSystemDirectoryHandle, name: string): Promise<boolean> {
  try {
    await (from as Movable).move!(folder, name);
    return true;
  } catch (thrown) {
    if (isLocked(thrown)) throw thrown;
    return false;
  }
}

async function putInPlace(folder: FileSystemDirectoryHandle, name: string, bytes: Uint8Array): Promise<void> {
  await writeWhole(await folder.getFileHandle(name, { create: true }), [bytes]);
  await folder.removeEntry(name + unfinished);
}

async function writeWhole(handle: FileSystemFileHandle, parts: readonly Uint8Array[]): Promise<void> {
  const access = await handle.createSyncAccessHandle();
  try {
    access.truncate(0);
    parts.reduce((at, part) => at + writeAt(access, part, at), 0);
    access.flush();
  } finally {
    access.close();
  }
}

/** Writes all of `bytes`; gives how many they are. */
export function writeAt(access: FileSystemSyncAccessHandle, bytes: Uint8Array, at: number): number {
  let done = 0;
  while (done < bytes.length) {
    const written = access.write(bytes.subarray(done) as Uint8Array<ArrayBuffer>, { at: at + done });
    // Before there was an error of its own for it, a full storage showed so; Chromium still gives a negative error code, unsigned.
    if (written === 0 || written > bytes.length - done) {
      throw new DOMException("nothing more could be written", "QuotaExceededError");
    }
    done += written;
  }
  return done;
}

function trailerOf(bytes: Uint8Array): Uint8Array {
  return new TextEncoder().encode(`${MAGIC}${hash(bytes)}${bytes.length.toString(16).padStart(12, "0")}`);
}
