import type { Curve } from "../../src/evaluation/curve.ts";

/** A curve of a small group: successor T on "data", accuracy; what is given replaces that. */
export function curveOf(given: Partial<Curve> & Pick<Curve, "scores">): Curve {
  return {
    dataset: "data",
    successor: "T",
    acquisition: "T",
    al_type: "one",
    strategy: "lc",
    seed: "0",
    metric: "accuracy",
    ...given,
  };
}

export const randomOf = (seed: string, ...scores: number[]): Curve =>
  curveOf({ relation: "random", strategy: "random", seed, scores });

export const selfOf = (seed: string, ...scores: number[]): Curve => curveOf({ relation: "self", seed, scores });

export const distilledOf = (seed: string, ...scores: number[]): Curve =>
  curveOf({ relation: "distilled", acquisition: "S", al_type: "asm", seed, scores });

export const mismatchedOf = (seed: string, ...scores: number[]): Curve =>
  curveOf({ relation: "mismatched", acquisition: "M", al_type: "asm", seed, scores });
