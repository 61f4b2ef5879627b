import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openHub } from "../../../src/hub/open_hub.ts";
import { repository } from "../../../src/hub/repository.ts";
import { hubFiles } from "../../../src/models/hub_files.ts";
import type { Settings } from "../../../web/engine/api.ts";
import { HubModels } from "../../../web/engine/hub_models.ts";
import { labPlan } from "../../../web/engine/lab_plan.ts";
import { hubCache } from "../../../web/hub/hub_cache.ts";
import { projectFiles } from "../../fixtures/project_files.ts";
import { MemoryFiles } from "../../host/memory_files.ts";
import { LoopbackHub } from "../../hub/loopback_hub.ts";

const NAME = "distilgpt2";
const text = (text: string) => new TextEncoder().encode(text);
const files = (weights: string) =>
  new Map([["config.json", text("{}")], ["model.safetensors", text(weights)], ["tokenizer.json", text("{}")]]);

let hub: LoopbackHub;
let root: MemoryFiles;
let models: HubModels;

beforeEach(() => {
  hub = new LoopbackHub("other", new Map());
  root = new MemoryFiles();
  models = new HubModels(root);
});
afterEach(() => hub.close());

/** What the Worker that fetches does. */
async function fetched(name: string, revision?: string, wanted = hubFiles): Promise<void> {
  await openHub(hub.network(), hubCache(root)).snapshot(
    repository("models", name, revision),
    (paths) => wanted(paths, name),
  );
}

const settings: Settings = {
  data: "mail",
  successor: "encoder-64",
  acquisition: NAME,
  strategy: "entropy",
  seed: 0,
  step: 20,
  oracle: "gold",
};
const computer = { name: "here", backend: "wasm", software: true } as const;
const planOf = (changes: Partial<Settings> = {}) =>
  labPlan({ ...settings, ...changes }, "small", computer, { root, assets: projectFiles, hub: models });

describe("models of the hub that were fetched", () => {
  it("are choices where they are whole, by name and revision, and know their teachers", async () => {
    hub.publish(NAME, files("1"));
    const second = hub.publish(NAME, files("22"), "v2");
    hub.publish("owner/begun", files("3"));
    await fetched(NAME);
    await fetched(NAME, "v2");
    await fetched("owner/begun", "main", () => ["config.json"]);
    expect(await models.list()).toEqual([
      { name: NAME, bytes: 11, choices: [NAME, `${NAME}@v2`], unfinished: [] },
      { name: "owner/begun", bytes: 2, choices: [], unfinished: ["owner/begun"] },
    ]);
    expect(await models.choices()).toEqual([
      { name: NAME, distilledFrom: "gpt2" },
      { name: `${NAME}@v2`, distilledFrom: "gpt2" },
    ]);
    expect(await models.commitOf({ name: NAME, revision: "v2" })).toBe(second);
    expect(await models.commitOf({ name: "owner/begun" })).toBe(undefined);
    await models.remove(NAME);
    await models.removeAll();
    expect(root.texts()).toEqual({});
  });

  it("are there by their commits where the revision has moved on: what was begun with them goes on", async () => {
    const old = hub.publish(NAME, files("1"));
    await fetched(NAME);
    hub.publish(NAME, files("2"));
    await fetched(NAME);
    expect((await models.list())[0]!.choices).toEqual([NAME, `${NAME}@${old}`]);
  });

  it("of a kind that is not known leave nothing", async () => {
    hub.publish("owner/none", files("1"));
    await fetched("owner/none", "main", () => ["config.json"]);
    await expect(models.check({ name: "owner/none", revision: "main" })).rejects.toThrow(
      "owner/none on the hub has no model_type",
    );
    expect(root.texts()).toEqual({});
  });

  it("are not there before, and the person hears where to get them", async () => {
    await expect(models.hub.snapshot(repository("models", NAME), (paths) => paths)).rejects.toThrow(
      `'${NAME}' at 'main' was not fetched before, and this part of the page asks no hub. Fetch it under Data and runs`,
    );
  });
});

describe("a plan of the lab", () => {
  it("names a model of the hub as the command line does, with its revision, and trains it as a pretrained one", async () => {
    const { experiments, cast } = await planOf({ acquisition: `${NAME}@v2` });
    expect(cast.main).toBe(`asm-${NAME}`);
    const { acquisition_model, successor_model } = experiments.find(({ name }) => name === cast.main)!;
    expect([acquisition_model.name, acquisition_model.revision]).toEqual([NAME, "v2"]);
    expect(successor_model.revision).toBe(undefined);
    expect([acquisition_model.training.lr, successor_model.training.lr]).toEqual([1e-4, 5e-3]);
  });

  it("has a run directory of its own for other contents of the model", async () => {
    hub.publish(NAME, files("1"));
    await fetched(NAME);
    const before = await planOf();
    hub.publish(NAME, files("2"));
    await fetched(NAME);
    const after = await planOf();
    expect(after.experiments).toEqual(before.experiments);
    expect(after.folder).not.toBe(before.folder);
  });

  it("has one revision of a model", async () => {
    await expect(planOf({ successor: NAME, acquisition: `${NAME}@v2` })).rejects.toThrow(
      `a run has one revision of a model: choose ${NAME} for both, or another model`,
    );
  });
});
