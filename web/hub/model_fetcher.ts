import type { CacheFiles } from "../../src/hub/cache_files.ts";
import { openHub } from "../../src/hub/open_hub.ts";
import type { HubOfPage } from "../../src/hub/hub_file.ts";
import { repository } from "../../src/hub/repository.ts";
import type { FetchProgress } from "../../src/hub/snapshot.ts";
import { hubFiles } from "../../src/models/hub_files.ts";
import { type Browser, browserNetwork } from "./browser_network.ts";
import { ACCESS } from "./hub_cache.ts";

/** What is told of a fetch. */
export type FetchNews = { readonly progress: FetchProgress } | { readonly waiting: string };

/** Fetches models of the hub into this browser. All that it is ever told is what a repository is called, and its revision. */
export interface ModelFetcher {
  /** Asks what there is, and fetches `config.json`, by which it shows whether the rest is worth it. */
  look(name: string, revision: string, watch: (news: FetchNews) => void): Promise<void>;
  /** Fetches all that the model needs and is not there, from where an earlier try broke off. */
  fetch(name: string, revision: string, watch: (news: FetchNews) => void): Promise<void>;
  /** Ends what goes on; what has come is kept. */
  cancel(): void;
}

/** @param cache see `hubCache` */
export function modelFetcher({ endpoint, sources }: HubOfPage, cache: CacheFiles, browser: Browser): ModelFetcher {
  const stop = new AbortController();
  const ask = async (
    name: string,
    revision: string,
    watch: (news: FetchNews) => void,
    choose: (needed: readonly string[]) => readonly string[],
    progress?: (progress: FetchProgress) => void,
  ) => {
    const watched = { signal: stop.signal, waiting: (why: string) => watch({ waiting: why }) };
    const network = browserNetwork({ endpoint, access: ACCESS }, sources.join(" "), watched, browser);
    const hub = openHub(network, cache, progress);
    await hub.snapshot(repository("models", name, revision), (paths) => choose(hubFiles(paths, name)));
  };
  return {
    look: (name, revision, watch) => ask(name, revision, watch, () => ["config.json"]),
    fetch: (name, revision, watch) => ask(name, revision, watch, (needed) => needed, (progress) => watch({ progress })),
    cancel: () => stop.abort(),
  };
}
