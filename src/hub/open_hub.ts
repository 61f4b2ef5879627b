import type { CacheFiles } from "./cache_files.ts";
import type { Hub } from "./hub.ts";
import type { Network } from "./request.ts";
import { type FetchProgress, snapshot } from "./snapshot.ts";

/** Apart from {@link Hub}, so that a host which fetches nothing yet need not load what does. */
export function openHub(network: Network, cache: CacheFiles, report?: (progress: FetchProgress) => void): Hub {
  return { snapshot: (repository, choose) => snapshot(network, cache, repository, choose, report) };
}
