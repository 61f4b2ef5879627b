import type { ExperimentConfig } from "../../src/config/schema.ts";
import type { RunStatus } from "../../src/experiment/status.ts";

/** The experiments of a plan that are looked at beside each other, by their names, and the seed. */
export interface Cast {
  /** The one whose pool and picks are shown. */
  readonly main: string;
  /** Its twin, where the plan has one. */
  readonly random?: string;
  /** Self-selection of the same successor, where the plan has it; it may be the main one. */
  readonly self?: string;
  readonly seed: number;
}

/**
 * Who plays what in a plan of any kind. The main experiment is one that has begun, where any has: of those the one that has come furthest
 * by another model's picks, else by its own. Where none has, it is the first that picks by another model, else the first that picks.
 *
 * @param seed what a person asks for; another one where that has not begun
 * @param statuses how far each run is
 */
export function castOf(
  experiments: readonly ExperimentConfig[],
  seed: number,
  statuses: readonly RunStatus[],
): Cast | undefined {
  const picking = experiments.filter(({ al }) => al.strategy !== "random");
  const begun = statuses.filter(hasBegun);
  const done = ({ name }: ExperimentConfig) =>
    Math.max(-1, ...begun.filter(({ experiment }) => experiment === name).map((each) => each.done));
  const furthest = [...picking].sort((a, b) => done(b) - done(a)).filter((config) => done(config) >= 0);
  const candidates = furthest.length > 0 ? furthest : picking;
  const main = candidates.find(({ al_type }) => al_type === "asm") ?? candidates[0] ?? experiments[0];
  if (!main) return undefined;
  const same = experiments.filter(({ successor_model }) => successor_model.name === main.successor_model.name);
  const random = same.find(({ al }) => al.strategy === "random");
  const self = same.find(({ al, al_type }) => al_type === "one" && al.strategy === main.al.strategy);
  const seeds = begun.filter(({ experiment }) => experiment === main.name).map((each) => each.seed);
  return {
    main: main.name,
    ...(random && random !== main ? { random: random.name } : {}),
    ...(self && self.al.strategy !== "random" ? { self: self.name } : {}),
    seed: (seeds.length > 0 ? seeds : main.seeds).includes(seed) ? seed : seeds[0] ?? main.seeds[0]!,
  };
}

function hasBegun({ done, labelled }: RunStatus): boolean {
  return done > 0 || labelled > 0;
}
