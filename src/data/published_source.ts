import type { DataSource } from "./data_source.ts";
import type { PublishedSet } from "./published_set.ts";

/** The source of a published data set: the user's folder, where the config names one, else the hub. What reads it is loaded when it is named. */
export function publishedSet(set: PublishedSet): DataSource {
  const { name, summary, kind } = set;
  return {
    name,
    summary,
    ...(kind ? { kind } : {}),
    load: async (places, config) => await (await import("./load_published.ts")).loadPublishedSet(set, places, config),
  };
}
