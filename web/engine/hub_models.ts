import { InputError } from "../../src/errors.ts";
import type { Hub } from "../../src/hub/hub.ts";
import { openHub } from "../../src/hub/open_hub.ts";
import type { CacheFiles } from "../../src/hub/cache_files.ts";
import { forget, keptRepositories } from "../../src/hub/kept.ts";
import { repository } from "../../src/hub/repository.ts";
import { ENDPOINT } from "../../src/hub/settings.ts";
import { requiredObject } from "../../src/json_object.ts";
import { architectureOf } from "../../src/models/checkpoint.ts";
import { hubFiles } from "../../src/models/hub_files.ts";
import { publishedModels } from "../../src/models/published_models.ts";
import { ACCESS, hubCache } from "../hub/hub_cache.ts";
import type { Choices, HubModel } from "./api.ts";
import { choiceOf, type NamedModel } from "./hub_name.ts";

const WHY = "this part of the page asks no hub. Fetch it under Data and runs";

/** Models of the hub that were fetched into this browser. The engine takes what is there, and asks nobody for more. */
export class HubModels {
  readonly hub: Hub;
  readonly #cache: CacheFiles;

  /** @param root the page's files */
  constructor(root: CacheFiles) {
    this.#cache = hubCache(root);
    const network = {
      settings: { endpoint: new URL(ENDPOINT), access: ACCESS, offline: WHY },
      fetch: () => Promise.reject(new Error(WHY)),
      wait: () => Promise.resolve(),
    };
    this.hub = openHub(network, this.#cache);
  }

  /** What is there, whole or in part. */
  async list(): Promise<HubModel[]> {
    const models: HubModel[] = [];
    for (const { kind, id: name, bytes, revisions, commits } of await keptRepositories(this.#cache)) {
      if (kind !== "models" || bytes === 0) continue;
      const named = [...revisions, ...commits].map((revision): NamedModel => ({ name, revision }));
      const whole: string[] = [];
      for (const each of named) if (await this.commitOf(each)) whole.push(choiceOf(each));
      models.push({ name, bytes, choices: whole, unfinished: named.map(choiceOf).filter((c) => !whole.includes(c)) });
    }
    return models;
  }

  /** Those that are whole, to be chosen. */
  async choices(): Promise<Choices["models"]> {
    return (await this.list()).flatMap(({ name, choices }) => {
      const published = publishedModels.find((each) => each.name === name || each.moved === name);
      const teacher = published?.distilledFrom;
      return choices.map((choice) => ({ name: choice, ...(teacher === undefined ? {} : { distilledFrom: teacher }) }));
    });
  }

  /** The commit of a model that is there whole. */
  async commitOf({ name, revision }: NamedModel): Promise<string | undefined> {
    try {
      const found = await this.hub.snapshot(repository("models", name, revision), (paths) => hubFiles(paths, name));
      return found.commit;
    } catch (thrown) {
      if (thrown instanceof InputError) return undefined;
      throw thrown;
    }
  }

  /**
   * Looks at the configuration of a model, before the rest of it comes. What cannot be used is not left lying about.
   *
   * @throws InputError where it is of a kind that is not known here
   */
  async check({ name, revision }: NamedModel): Promise<void> {
    const { files } = await this.hub.snapshot(repository("models", name, revision), () => ["config.json"]);
    try {
      const config = await requiredObject(files, "config.json");
      architectureOf(config, `${name} on the hub`).parseConfig(config, `${name} on the hub`);
    } catch (thrown) {
      const known = (await this.list()).find((each) => each.name === name);
      if (known?.choices.length === 0) await this.remove(name);
      throw thrown;
    }
  }

  /** @throws InputError where it is being fetched */
  remove(name: string): Promise<void> {
    return forget(this.#cache, { kind: "models", id: name });
  }

  /** @throws InputError where one of them is being fetched */
  async removeAll(): Promise<void> {
    for (const each of await keptRepositories(this.#cache)) await forget(this.#cache, each);
  }
}
