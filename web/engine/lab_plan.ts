import { resolvePlan } from "../../src/config/plan.ts";
import type { ExperimentConfig, ModelConfig, TrainingConfig } from "../../src/config/schema.ts";
import { InputError } from "../../src/errors.ts";
import { canonicalJson, hash } from "../../src/hash.ts";
import { type Files, readText } from "../../src/host.ts";
import { models } from "../../src/models/registry.ts";
import { dataPaths } from "../data/plan_data.ts";
import type { Computer, Settings } from "./api.ts";
import type { Cast } from "./cast.ts";
import { namedBy, type NamedModel } from "./hub_name.ts";
import { dataSettings, poolSize } from "./person_data.ts";

/** The acquisition models of every plan of the lab, whichever is looked at: so that one run directory serves them all. */
const EMBEDDED = models.entries()
  .filter(({ missing, onHub, megabytes }) => missing === undefined && !onHub && megabytes === undefined)
  .map(({ name }) => name);

/** The rate at which a pretrained model learns, where Pupil's own, which begin from nothing, take fifty times as much. */
const PRETRAINED_RATE = 1e-4;
/** What comes in a package is an encoder of texts, which need go through it but once; a layer on that learns as fast as what begins from nothing. */
const ONLY_THE_HEAD = { frozen: true, steps: 100 };

/** How much a computer does in a moment. */
export type Size = "small" | "full";

/** A person's time is short: a curve should show early, and go on for as long as they like. */
const BUDGETS: Readonly<
  Record<Settings["oracle"], (step: number) => { readonly init: number; readonly rounds: number }>
> = {
  gold: (step) => ({ init: step, rounds: 8 }),
  person: (step) => ({ init: 2 * step, rounds: 20 }),
};

/** On a software adapter fewer examples of the pool are looked at in a round. */
const SIZES: Readonly<Record<Size, readonly string[]>> = {
  full: [],
  small: ["al.gamma_or_k_confident_to_save=400"],
};

/** What a plan is made from. */
export interface PlanServices {
  /** The person's own files. */
  readonly root: Files;
  readonly assets: Files;
  /** The commit of a model of the hub that was fetched. */
  readonly hub?: { commitOf(model: NamedModel): Promise<string | undefined> };
}

/** A plan, and what of it is looked at. */
export interface Opening {
  /** The plan's name. */
  readonly name: string;
  readonly experiments: readonly ExperimentConfig[];
  readonly notices: readonly string[];
  readonly cast: Cast;
  /** The run directory, below `runs/`. */
  readonly folder: string;
}

/**
 * The plan that settings stand for: the group of one successor, with every acquisition model, on one seed. It bears another name on
 * another computer, which cannot continue a training to the same bytes, and on other contents of the person's own files, or of the hub's.
 *
 * @throws InputError where both models are one, at two revisions
 */
export async function labPlan(
  settings: Settings,
  size: Size,
  computer: Computer,
  { root, assets, hub }: PlanServices,
): Promise<Opening> {
  const { strategy, seed, step, data, oracle } = settings;
  const chosen = [namedBy(settings.successor), namedBy(settings.acquisition)] as const;
  const [{ name: successor }, { name: acquisition }] = chosen;
  if (successor === acquisition && settings.successor !== settings.acquisition) {
    throw new InputError(`a run has one revision of a model: choose ${settings.successor} for both, or another model`);
  }
  const others = [...new Set([...EMBEDDED, acquisition])].filter((name) => name !== successor);
  const pool = await poolSize(data, root) ?? Infinity;
  const { init: usual, rounds } = BUDGETS[oracle](step);
  // Of a small pool something is left to pick from.
  const init = Math.min(usual, Math.max(1, Math.floor(pool / 2)));
  const load = (name: string) => readText(assets, `configs/${name}.yaml`);
  const resolved = await resolvePlan({
    source: (await load("lab"))!,
    file: "lab.yaml",
    overrides: [
      `group.successor=${successor}`,
      `group.acquisitions=[${others.join(",")}]`,
      `group.strategy=${strategy}`,
      `seeds=[${seed}]`,
      `al.step_p_or_n=${step}`,
      ...await dataSettings(data, root),
      ...SIZES[size],
      `al.init_p_or_n=${init}`,
      `al.num_queries=${Math.max(1, Math.min(rounds, Math.floor((pool - init) / step)))}`,
    ],
    load,
    now: new Date(),
  });
  const experiments = resolved.experiments.map((config) => ({
    ...config,
    acquisition_model: asChosen(config.acquisition_model, chosen),
    successor_model: asChosen(config.successor_model, chosen),
  }));
  const who = oracle === "person" ? "mine-" : "";
  const contents = await Promise.all(dataPaths({ experiments }).map(async (path) => hash(await root.read(path) ?? "")));
  const commits = await Promise.all(chosen.map((model) => isPublished(model.name) ? hub?.commitOf(model) : undefined));
  const fetched = commits.filter((commit) => commit !== undefined);
  const decisive = canonicalJson([experiments, computer.name, ...contents, ...fetched]);
  const name = `${who}${data}-${strategy}-s${seed}-${hash(decisive, 6)}`;
  const main = acquisition === successor ? "self" : `asm-${acquisition.replaceAll(/[^A-Za-z0-9._-]+/g, "-")}`;
  const { notices } = resolved;
  return { name, experiments, notices, cast: { main, random: "random", self: "self", seed }, folder: name };
}

/** At the revision that was chosen, and trained as a pretrained model where it is one. */
function asChosen(model: ModelConfig, chosen: readonly NamedModel[]): ModelConfig {
  const revision = chosen.find(({ name }) => name === model.name)?.revision;
  return {
    ...model,
    training: { ...model.training, ...recipeOf(model.name) },
    ...(revision === undefined ? {} : { revision }),
  };
}

function recipeOf(name: string): Partial<TrainingConfig> {
  if (isPublished(name)) return { lr: PRETRAINED_RATE };
  return models.find(name)?.megabytes === undefined ? {} : ONLY_THE_HEAD;
}

/** Whether it is on the hub. */
function isPublished(name: string): boolean {
  return !name.startsWith(".") && (models.find(name)?.onHub ?? models.find(name) === undefined);
}
