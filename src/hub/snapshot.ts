import { InputError, stopIfAborted } from "../errors.ts";
import { below, type Files, readText, writeText } from "../host.ts";
import type { CacheFiles } from "./cache_files.ts";
import { download, partOf } from "./download.ts";
import { lockOf } from "./kept.ts";
import { type HubFile, type Listing, parseListing } from "./listing.ts";
import { fileAddress, folderOf, listingAddress, pageOf, type Repository } from "./repository.ts";
import { type Network, Refused, request, Unreachable } from "./request.ts";

/** How far a fetch is. */
export interface FetchProgress {
  readonly repository: string;
  /** Of all files that are fetched. */
  readonly bytes: number;
  readonly total: number;
}

/** Files of a repository, at one commit, on this machine. */
export interface Snapshot {
  readonly commit: string;
  readonly files: Files;
  readonly notices: readonly string[];
}

/**
 * Which files of a repository are wanted, of all that it has.
 *
 * @throws InputError where it lacks what is needed
 */
export type Choose = (paths: readonly string[]) => readonly string[];

/** Milliseconds between two looks at whether another run has fetched what this one waits for. */
const PAUSE = 500;

/**
 * Has the files of a repository that are wanted in the cache: fetches those that are not, or finds all of them there where the hub is not
 * asked or cannot be reached.
 *
 * @throws InputError where the repository is not there, or not for this person; Failure where it cannot be fetched
 */
export async function snapshot(
  network: Network,
  cache: CacheFiles,
  repository: Repository,
  choose: Choose,
  report: (progress: FetchProgress) => void = () => {},
): Promise<Snapshot> {
  const folder = folderOf(repository);
  const { listing, notices } = await listingOf(network, cache, repository);
  const chosen = new Set(choose(listing.files.map(({ path }) => path)));
  const wanted = listing.files.filter(({ path }) => chosen.has(path));
  const here = `${folder}/${listing.commit}`;
  const files = below(cache, here);
  if (!await isWhole(files, wanted)) {
    if (network.settings.offline !== undefined || notices.length > 0) throw notHere(network, repository, notices);
    using _claim = await claimed(network, cache, lockOf(folder), repository);
    await fetchAll(network, cache, repository, listing.commit, wanted, here, report);
  }
  return { commit: listing.commit, files, notices };
}

/** What the revision is: by the hub, or by the last time that it was asked. A commit stays what it is. */
async function listingOf(network: Network, cache: CacheFiles, repository: Repository) {
  const { endpoint, offline } = network.settings;
  const { revision } = repository;
  const keptAs = (name: string) => `${folderOf(repository)}/revisions/${encodeURIComponent(name)}.json`;
  const known = async (): Promise<Listing | undefined> => {
    const text = await readText(cache, keptAs(revision));
    return text === undefined ? undefined : parseListing(text, cache.describe(keptAs(revision)));
  };
  if (offline !== undefined || /^[0-9a-f]{40}$/.test(revision)) {
    const listing = await known();
    if (listing) return { listing, notices: [] };
    if (offline !== undefined) throw notHere(network, repository, []);
  }
  const address = listingAddress(repository, endpoint);
  try {
    const text = await (await request(network, address)).text();
    const listing = parseListing(text, address.href);
    for (const name of new Set([revision, listing.commit])) await writeText(cache, keptAs(name), text);
    return { listing, notices: [] };
  } catch (thrown) {
    if (thrown instanceof Refused) throw refusal(thrown, network, repository);
    const listing = thrown instanceof Unreachable ? await known() : undefined;
    if (!listing) throw thrown;
    return { listing, notices: [`${(thrown as Error).message}. What was fetched before is used`] };
  }
}

async function isWhole(files: Files, wanted: readonly HubFile[]): Promise<boolean> {
  for (const { path, size } of wanted) {
    using file = await files.open(path);
    if (file?.size !== size) return false;
  }
  return true;
}

/** How many bytes of each file are there. */
async function bytesHere(files: Files, wanted: readonly HubFile[]): Promise<Map<string, number>> {
  const here = new Map<string, number>();
  for (const file of wanted) {
    using begun = await files.open(partOf(file.path));
    const bytes = await isWhole(files, [file]) ? file.size : Math.min(file.size, begun?.size ?? 0);
    here.set(file.path, bytes);
  }
  return here;
}

async function fetchAll(
  network: Network,
  cache: CacheFiles,
  repository: Repository,
  commit: string,
  wanted: readonly HubFile[],
  folder: string,
  report: (progress: FetchProgress) => void,
): Promise<void> {
  const files = below(cache, folder);
  const total = wanted.reduce((sum, { size }) => sum + size, 0);
  const here = await bytesHere(files, wanted);
  const tell = () => {
    const bytes = [...here.values()].reduce((sum, each) => sum + each, 0);
    report({ repository: repository.id, bytes, total });
    return bytes;
  };
  await cache.makeRoom?.(total - tell());
  for (const file of wanted) {
    if (!await isWhole(files, [file])) {
      const address = fileAddress(repository, commit, file.path, network.settings.endpoint);
      try {
        await download(network, cache, address, file, `${folder}/${file.path}`, (bytes) => {
          here.set(file.path, bytes);
          tell();
        });
      } catch (thrown) {
        throw thrown instanceof Refused ? refusal(thrown, network, repository) : thrown;
      }
    }
  }
}

/** Waits for another run that fetches the same. */
async function claimed(
  network: Network,
  cache: CacheFiles,
  path: string,
  { id }: Repository,
): Promise<Disposable> {
  for (let tries = 0;; tries++) {
    stopIfAborted(network.signal);
    const claim = await cache.claim(path);
    if (claim) return claim;
    if (tries === 0) network.waiting?.(`${id} is being fetched elsewhere; waiting for that`);
    await network.wait(PAUSE);
  }
}

function refusal({ status, url }: Refused, { settings }: Network, repository: Repository): InputError {
  const { id, revision } = repository;
  const page = pageOf(repository, settings.endpoint);
  const token = settings.token === undefined ? settings.access : "the token of HF_TOKEN may not read it";
  if (status === 401) return new InputError(`${page} is not there, or not for everybody: check the name, or ${token}`);
  if (status === 403) {
    return new InputError(`${page} is for those who accepted its conditions there: accept them, and ${token}`);
  }
  if (status === 404) return new InputError(`${page} is not there, or has no revision '${revision}'`);
  return new InputError(`${url.href}, for '${id}', answered ${status}`);
}

function notHere({ settings }: Network, { id, revision }: Repository, notices: readonly string[]): InputError {
  const why = settings.offline ?? notices[0]!.replace(/\. What was.*$/, "");
  return new InputError(`'${id}' at '${revision}' was not fetched before, and ${why}`);
}
