import { budgetOf } from "../../src/experiment/budget.ts";
import type { Curve } from "../../src/evaluation/curve.ts";
import { curveOf } from "../../src/experiment/curve_of.ts";
import { relationOf } from "../../src/experiment/relation_of.ts";
import { type RunSpec, trainablePart } from "../../src/experiment/run_loop.ts";
import type { ArmState } from "./api.ts";
import { isCurveOf } from "./lab_curves.ts";

/** One run of the lab's group, as far as it has come. */
export class Arm {
  scores: number[] = [];
  otherSeeds: ArmState["otherSeeds"] = [];

  /** Labelled examples at each point, planned ones too. */
  readonly counts: readonly number[];
  /** How many examples a round takes. */
  readonly step: number;

  constructor(readonly spec: RunSpec) {
    const { config, task } = spec;
    const trainable = trainablePart(spec);
    const { init, step } = budgetOf(config, task, trainable);
    this.step = step;
    this.counts = Array.from(
      { length: config.al.num_queries + 1 },
      (_, round) => Math.min(trainable.length, init + round * step),
    );
  }

  get name(): string {
    return this.spec.config.name;
  }

  get curve(): Curve {
    return curveOf(this.spec, this.scores);
  }

  get state(): ArmState {
    const { config } = this.spec;
    return {
      experiment: config.name,
      relation: relationOf(config),
      acquisition: config.acquisition_model.name,
      scores: this.scores,
      otherSeeds: this.otherSeeds,
    };
  }

  /** Takes what is this arm's of the curves of other seeds. */
  compare(curves: readonly Curve[]): void {
    this.otherSeeds = curves.filter((curve) => isCurveOf(this.spec.config, curve))
      .map(({ seed, scores }) => ({ seed: Number(seed), scores }));
  }
}
