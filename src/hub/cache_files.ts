import type { Files } from "../host.ts";

/** A folder that several runs may use at once. */
export interface CacheFiles extends Files {
  /** In one step; what was there before is gone. */
  move(from: string, to: string): Promise<void>;
  /** A file, or a folder with all that is in it; nothing where there is none. */
  remove(path: string): Promise<void>;
  /** Undefined where another process holds the claim. */
  claim(path: string): Promise<Disposable | undefined>;
}
