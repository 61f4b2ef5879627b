import { type DataConfig, REGISTERED_PLACE } from "../config/schema.ts";
import type { DataKind, DataSource } from "./data_source.ts";
import { dataSets } from "./registry.ts";
import { unregistered } from "./sets/unregistered.ts";

/**
 * The source of the data set that a config names: a registered one, one of the hub by `owner/name`, or a folder of the user's.
 *
 * @param kind what is looked for, where the name does not say it
 * @throws InputError where there is no such name
 */
export function findSource(config: DataConfig, kind: DataKind): DataSource {
  const name = config.dataset_name ?? "";
  const known = dataSets.find(name);
  if (known) return known;
  const isElsewhere = /^[^/\\\s]+\/[^/\\\s]+$/.test(name) || (config.path !== null && config.path !== REGISTERED_PLACE);
  return isElsewhere ? unregistered(name, kind, config.subset) : dataSets.get(name, "data.dataset_name");
}
