import { below, type Files } from "../host.ts";

/** A folder that several runs may use at once. */
export interface CacheFiles extends Files {
  /** In one step; what was there before is gone. */
  move(from: string, to: string): Promise<void>;
  /** A file, or a folder with all that is in it; nothing where there is none. */
  remove(path: string): Promise<void>;
  /** Undefined where another process holds the claim. */
  claim(path: string): Promise<Disposable | undefined>;
  /**
   * Asked before anything of a fetch comes; absent where nobody knows how much room there is.
   *
   * @throws Failure where there is none for so many bytes more
   */
  makeRoom?(bytes: number): Promise<void>;
}

/** The same, seen from a folder in it. */
export function cacheBelow(files: CacheFiles, folder: string): CacheFiles {
  const at = (path: string) => `${folder}/${path}`;
  return {
    ...below(files, folder),
    move: (from, to) => files.move(at(from), at(to)),
    remove: (path) => files.remove(at(path)),
    claim: (path) => files.claim(at(path)),
    makeRoom: (bytes) => files.makeRoom?.(bytes) ?? Promise.resolve(),
  };
}
