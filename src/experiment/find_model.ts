import { InputError } from "../errors.ts";
import { below, type Files } from "../host.ts";
import type { ModelSource } from "../models/model_source.ts";
import { models } from "../models/registry.ts";
import { folderModel } from "../models/sources/folder.ts";
import { onHub } from "../models/sources/on_hub.ts";
import { suggest } from "../registry.ts";

/**
 * The model of a name of the registry, of a folder, which is written with a slash in front or a dot, as in `./my-model`, or of the hub,
 * as in `owner/name`. `where` says where the name was read, such as a config key.
 */
export function findModel(name: string, userFiles: Files, where: string): ModelSource {
  const known = models.find(name);
  if (known) return known;
  if (/^\.{0,2}\//.test(name)) return folderModel(name, below(userFiles, name.replace(/\/+$/, "")));
  if (/^[^/\\]+\/[^/\\]+$/.test(name)) return onHub(name);
  throw new InputError(
    `${where}: unknown model '${name}'. ${suggest(name, models.names())}\n` +
      `A folder is written with its path, such as ./${name}; a model of the hub with its owner, such as owner/${name}`,
  );
}
