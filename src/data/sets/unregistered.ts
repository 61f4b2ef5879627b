import type { DataKind, DataSource } from "../data_source.ts";
import { publishedSet } from "../published_source.ts";

/**
 * A data set of which nothing is known but its name: `owner/name` on the hub, or, where the config names a folder, whatever it is called.
 *
 * @param subset curves and tables tell data sets apart by their names, and so subsets of one repository
 */
export function unregistered(name: string, kind: DataKind, subset: string | undefined): DataSource {
  const source = publishedSet({ name, summary: "not registered", kind, repository: name });
  return {
    ...source,
    load: async (places, config) => ({
      ...await source.load(places, config),
      name: subset === undefined ? name : `${name}/${subset}`,
    }),
  };
}
