import type { ExperimentConfig } from "../../src/config/schema.ts";

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

/** Who plays what in a plan of any kind: the first experiment that picks by another model is the main one, else the first that picks. */
export function castOf(experiments: readonly ExperimentConfig[], seed: number): Cast | undefined {
  const picking = experiments.filter(({ al }) => al.strategy !== "random");
  const main = picking.find(({ al_type }) => al_type === "asm") ?? picking[0] ?? experiments[0];
  if (!main) return undefined;
  const same = experiments.filter(({ successor_model }) => successor_model.name === main.successor_model.name);
  const random = same.find(({ al }) => al.strategy === "random");
  const self = same.find(({ al, al_type }) => al_type === "one" && al.strategy === main.al.strategy);
  return {
    main: main.name,
    ...(random && random !== main ? { random: random.name } : {}),
    ...(self && self.al.strategy !== "random" ? { self: self.name } : {}),
    seed: main.seeds.includes(seed) ? seed : main.seeds[0]!,
  };
}
