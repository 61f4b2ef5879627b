import * as v from "valibot";
import { Failure } from "../errors.ts";

/** A file of a repository, and what its bytes must be. */
export interface HubFile {
  readonly path: string;
  readonly size: number;
  /** Of a large file, the SHA-256 of its bytes; of a small one, git's name of it: the SHA-1 of `blob SIZE`, a zero byte, and the bytes. */
  readonly hash: { readonly kind: "sha256" | "git"; readonly digits: string };
}

/** What a revision stands for. */
export interface Listing {
  /** 40 hexadecimal digits. */
  readonly commit: string;
  readonly files: readonly HubFile[];
}

const size = v.pipe(v.number(), v.integer(), v.minValue(0));
const sha1 = v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/));
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const schema = v.object({
  sha: sha1,
  siblings: v.array(v.object({
    rfilename: v.string(),
    size: v.optional(size),
    blobId: v.optional(sha1),
    lfs: v.nullish(v.object({ sha256, size })),
  })),
});

/**
 * Reads the hub's answer. Files whose paths could lead out of a folder are not counted: no repository that git holds has such.
 *
 * @throws Failure where it is not what the hub answers
 */
export function parseListing(text: string, source: string): Listing {
  const result = v.safeParse(schema, parsed(text));
  if (!result.success) throw new Failure(`${source} did not answer as the hub does`);
  const { sha: commit, siblings } = result.output;
  const files = siblings.flatMap(({ rfilename: path, size, blobId, lfs }): HubFile[] => {
    if (!staysInside(path)) return [];
    if (lfs) return [{ path, size: lfs.size, hash: { kind: "sha256", digits: lfs.sha256 } }];
    if (size === undefined || blobId === undefined) {
      throw new Failure(`${source} does not give the size and the hash of ${path}, without which it is not trusted`);
    }
    return [{ path, size, hash: { kind: "git", digits: blobId } }];
  });
  return { commit, files };
}

/** Whether a path, on any system, names something below the folder that it begins in. */
export function staysInside(path: string): boolean {
  return path.split("/").every((segment) => /^[^\\:\p{C}]+$/u.test(segment) && !/^\.*\s*$/.test(segment));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
