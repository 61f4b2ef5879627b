import { InputError } from "../errors.ts";
import type { CacheFiles } from "./cache_files.ts";
import type { Repository } from "./repository.ts";
import type { Network } from "./request.ts";
import { type Choose, type FetchProgress, type Snapshot, snapshot } from "./snapshot.ts";

/** The hub, and what was fetched from it before, as plans use them. */
export interface Hub {
  /**
   * The files of a repository that are wanted, on this machine.
   *
   * @throws InputError where the repository is not there, not for this person, or lacks what is needed; Failure where it cannot be fetched
   */
  snapshot(repository: Repository, choose: Choose): Promise<Snapshot>;
}

export function openHub(network: Network, cache: CacheFiles, report?: (progress: FetchProgress) => void): Hub {
  return { snapshot: (repository, choose) => snapshot(network, cache, repository, choose, report) };
}

/** @throws InputError where this host asks no hub */
export function requireHub(hub: Hub | undefined, name: string): Hub {
  if (hub) return hub;
  throw new InputError(`'${name}' is on the hub, which is not asked from here. Give its files`);
}
