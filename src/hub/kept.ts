import { InputError } from "../errors.ts";
import { below, type Files, readText } from "../host.ts";
import type { CacheFiles } from "./cache_files.ts";
import { partOf } from "./download.ts";
import { parseListing } from "./listing.ts";
import { folderOf, type Repository, repositoryOf } from "./repository.ts";

/** What the cache holds of a repository. */
export interface Kept extends Pick<Repository, "kind" | "id"> {
  /** Of the files that are whole or on their way. */
  readonly bytes: number;
  /** The revisions that were asked for, other than by their commit. */
  readonly revisions: readonly string[];
  /** The commits that none of these stands for any more, or ever did. */
  readonly commits: readonly string[];
}

/** Everything in the cache, sorted. */
export async function keptRepositories(cache: Files): Promise<Kept[]> {
  const kept: Kept[] = [];
  for (const folder of await cache.list("")) {
    const repository = repositoryOf(folder);
    if (repository) kept.push({ ...repository, ...await contents(below(cache, folder)) });
  }
  return kept;
}

/** @throws InputError where another process is fetching it at this moment */
export async function forget(cache: CacheFiles, { kind, id }: Pick<Repository, "kind" | "id">): Promise<void> {
  const folder = folderOf({ kind, id });
  using claim = await cache.claim(lockOf(folder));
  if (!claim) throw new InputError(`'${id}' is being fetched at this moment; wait until that has ended`);
  await cache.remove(folder);
}

/** The file that whoever changes a repository's folder claims. */
export function lockOf(folder: string): string {
  return `${folder}/lock`;
}

async function contents(files: Files): Promise<Omit<Kept, "kind" | "id">> {
  const revisions: string[] = [];
  const stoodFor = new Set<string>();
  const commits = new Set<string>();
  const paths = new Set<string>();
  for (const name of await files.list("revisions")) {
    const path = `revisions/${name}`;
    const { commit, files: listed } = parseListing(await readText(files, path) ?? "", files.describe(path));
    const revision = decodeURIComponent(name.replace(/\.json$/, ""));
    if (revision !== commit) stoodFor.add(commit);
    if (revision !== commit) revisions.push(revision);
    else commits.add(commit);
    for (const file of listed) for (const name of [file.path, partOf(file.path)]) paths.add(`${commit}/${name}`);
  }
  let bytes = 0;
  for (const path of paths) {
    using file = await files.open(path);
    bytes += file?.size ?? 0;
  }
  return { bytes, revisions: revisions.sort(), commits: [...commits.difference(stoodFor)].sort() };
}
