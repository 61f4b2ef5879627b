import { resolvePlan } from "../../src/config/plan.ts";
import type { ExperimentConfig } from "../../src/config/schema.ts";
import { canonicalJson, hash } from "../../src/hash.ts";
import { type Files, readText } from "../../src/host.ts";
import { models } from "../../src/models/registry.ts";
import { dataPaths } from "../data/plan_data.ts";
import type { Computer, Settings } from "./api.ts";
import type { Cast } from "./cast.ts";
import { dataSettings, poolSize } from "./person_data.ts";

/** The acquisition models of every plan of the lab, whichever is looked at: so that one run directory serves them all. */
const EMBEDDED = models.entries().filter(({ missing }) => missing === undefined).map(({ name }) => name);

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
 * another computer, which cannot continue a training to the same bytes, and on other contents of the person's own files.
 */
export async function labPlan(
  settings: Settings,
  size: Size,
  computer: Computer,
  { root, assets }: { readonly root: Files; readonly assets: Files },
): Promise<Opening> {
  const { successor, acquisition, strategy, seed, step, data, oracle } = settings;
  const others = [...new Set([...EMBEDDED, acquisition])].filter((name) => name !== successor);
  const pool = await poolSize(data, root) ?? Infinity;
  const { init: usual, rounds } = BUDGETS[oracle](step);
  // Of a small pool something is left to pick from.
  const init = Math.min(usual, Math.max(1, Math.floor(pool / 2)));
  const load = (name: string) => readText(assets, `configs/${name}.yaml`);
  const { experiments, notices } = await resolvePlan({
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
  const who = oracle === "person" ? "mine-" : "";
  const contents = await Promise.all(dataPaths({ experiments }).map(async (path) => hash(await root.read(path) ?? "")));
  const decisive = canonicalJson([experiments, computer.name, ...contents]);
  const name = `${who}${data}-${strategy}-s${seed}-${hash(decisive, 6)}`;
  const main = acquisition === successor ? "self" : `asm-${acquisition.replaceAll(/[^A-Za-z0-9._-]+/g, "-")}`;
  return { name, experiments, notices, cast: { main, random: "random", self: "self", seed }, folder: name };
}
