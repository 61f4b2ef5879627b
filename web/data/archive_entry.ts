/** A file of an archive, or of a folder that was dropped on the page. */
export interface ArchiveEntry {
  /** Segments with '/' between them, none of them empty, '.' or '..'. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Bytes that an archive may have unpacked, all together, and files. A run directory of the largest plan has a tenth of it. */
export const MOST_UNPACKED = 256 << 20;
export const MOST_FILES = 20_000;
