import {
  add,
  any,
  argMax,
  cast,
  div,
  greater,
  isFinite as isFiniteTensor,
  logicalAnd,
  logicalNot,
  logicalOr,
  max,
  maximum,
  neg,
  pow,
  reshape,
  scalar,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  tidy,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { beamScores as kernel } from "../../../kernels/beam_scores/beam_scores.ts";
import { NO_SCORE } from "../../../kernels/beam_step/beam_step.ts";
import { runPlan } from "../run_plan.ts";
import { currentBackend } from "../setup.ts";

export type BeamScoresResult = {
  /** Length-normalised, [examples, hypotheses]; LOWEST where there is no hypothesis. */
  readonly scores: Tensor2D;
  /** [examples, 4]: the best score, their mean, their sample variance, their number. */
  readonly stats: Tensor2D;
};

/**
 * Length-normalised scores of hypotheses, sum / length^lengthPenalty, from sums of log-probabilities and lengths (int32, 0 where
 * there is none), [examples, hypotheses] each, and their statistics an example. Not differentiable.
 */
export function beamScores(sums: Tensor2D, lengths: Tensor2D, lengthPenalty: number): BeamScoresResult {
  const backend = currentBackend();
  if (!backend) return beamScoresComposed(sums, lengths, lengthPenalty);
  const [examples, hypotheses] = sums.shape;
  const plan = kernel.plan({ examples, hypotheses, lengthPenalty }, backend.gpu.device.limits);
  const [scores, stats] = runPlan(backend, plan, { sums, lengths }, [
    { name: "scores", shape: [examples, hypotheses] },
    { name: "stats", shape: [examples, 4] },
  ]);
  return { scores: scores as Tensor2D, stats: stats as Tensor2D };
}

/** The same of stock operations. */
export function beamScoresComposed(sums: Tensor2D, lengths: Tensor2D, lengthPenalty: number): BeamScoresResult {
  return tidy(() => {
    const none: Tensor = scalar(NO_SCORE);
    const given = greater(lengths, scalar(0, "int32"));
    const isBad = logicalAnd(given, logicalNot(isFiniteTensor(sums)));
    const exists = logicalAnd(logicalAnd(given, logicalNot(isBad)), greater(sums, none));
    const length = maximum(cast(lengths, "float32"), scalar(1));
    const scores = where(exists, maximum(div(sums, pow(length, scalar(lengthPenalty))), none), none) as Tensor2D;
    const count = sum(cast(exists, "float32"), 1);
    const some = maximum(count, scalar(1));
    const mean = div(sum(where(exists, scores, zerosLike(scores)), 1), some);
    const deviations = where(exists, sub(scores, reshape(mean, [-1, 1])), zerosLike(scores));
    const variance = div(sum(square(deviations), 1), maximum(sub(count, scalar(1)), scalar(1)));
    const hasNone = logicalNot(greater(count, scalar(0)));
    const anyBad = any(isBad, 1);
    const first = cast(argMax(cast(isBad, "int32"), 1), "float32");
    const stats = stack([
      where(anyBad, none, max(scores, 1)),
      where(logicalOr(anyBad, hasNone), none, mean),
      where(anyBad, scalar(0), variance),
      where(anyBad, neg(add(first, scalar(1))), count),
    ], 1) as Tensor2D;
    return { scores, stats };
  });
}
