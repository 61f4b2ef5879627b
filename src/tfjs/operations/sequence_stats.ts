import {
  argMax,
  cast,
  div,
  exp,
  expandDims,
  isFinite,
  less,
  log,
  logicalAnd,
  logicalNot,
  logicalOr,
  max,
  maximum,
  min,
  mul,
  neg,
  notEqual,
  oneHot,
  range,
  scalar,
  stack,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tidy,
  where,
} from "@tensorflow/tfjs-core";
import { SEQUENCE_STATS_COLUMNS, sequenceStats as kernel } from "../../../kernels/sequence_stats/sequence_stats.ts";
import { runPlan } from "../run_plan.ts";
import { currentBackend } from "../setup.ts";

/** Which tokens are real, int32: the first so many of each sequence [sequences], or those that are not 0 [sequences, length]. */
export type RealTokens = { readonly lengths: Tensor1D } | { readonly mask: Tensor2D };

export interface SequenceStatsTensors {
  /** [sequences, 12], in the order of SEQUENCE_STATS_COLUMNS. */
  readonly stats: Tensor2D;
  /** int32 [sequences]: how many tokens are real, or what is wrong, which `requireFiniteTokens` tells. */
  readonly tokens: Tensor1D;
}

/**
 * Sum, mean, minimum and maximum over the real tokens of each sequence of max log-probability, entropy (nats) and margin, from
 * logits [sequences, length, classes]. Not differentiable.
 */
export function sequenceStats(logits: Tensor3D, real: RealTokens): SequenceStatsTensors {
  const backend = currentBackend();
  if (!backend) return sequenceStatsComposed(logits, real);
  const [sequences, length, classes] = logits.shape;
  const shape = { sequences, length, classes, real: "lengths" in real ? "lengths" : "mask" } as const;
  const plan = kernel.plan(shape, backend.gpu.device.limits);
  const [stats, tokens] = runPlan(backend, plan, { logits, ...real }, [
    { name: "stats", shape: [sequences, SEQUENCE_STATS_COLUMNS.length] },
    { name: "tokens", shape: [sequences], dtype: "int32" },
  ]);
  return { stats: stats as Tensor2D, tokens: tokens as Tensor1D };
}

const HIGHEST = 3.402823e38;

/** The same of stock operations, which take a logit of -infinity for a masked column and find no other mistake on a GPU. */
export function sequenceStatsComposed(logits: Tensor3D, real: RealTokens): SequenceStatsTensors {
  return tidy(() => {
    const [, length, classes] = logits.shape;
    const positions = range(0, length, 1, "int32");
    const isReal = "lengths" in real
      ? less(expandDims(positions, 0), expandDims(real.lengths, 1))
      : notEqual(real.mask, scalar(0, "int32"));
    const count = sum(cast(isReal, "int32"), 1);

    const top = max(logits, 2, true);
    const centred = sub(logits, top);
    const terms = exp(centred);
    const total = sum(terms, 2);
    const logTotal = log(total);
    // A masked column may be -3.4e38: its term is 0, and so must be its part here.
    const weighted = mul(maximum(centred, scalar(-87)), terms);
    const entropy = sub(logTotal, div(sum(weighted, 2), total));
    // The best term is 1: without it, the runner-up is the largest.
    const runnerUp = classes === 1 ? scalar(0) : max(sub(terms, oneHot(argMax(logits, 2), classes)), 2);
    const margin = div(sub(scalar(1), runnerUp), total);

    const divisor = maximum(cast(count, "float32"), scalar(1));
    const isAny = cast(notEqual(count, scalar(0, "int32")), "float32");
    const overTokens = (values: Tensor) => {
      const added = sum(where(isReal, values, scalar(0)), 1);
      const least = min(where(isReal, values, scalar(HIGHEST)), 1);
      const most = max(where(isReal, values, scalar(-HIGHEST)), 1);
      return [added, div(added, divisor), mul(least, isAny), mul(most, isAny)];
    };
    const stats = stack([neg(logTotal), entropy, margin].flatMap(overTokens), 1) as Tensor2D;

    const isBad = logicalAnd(isReal, logicalNot(isFinite(entropy)));
    const firstBad = min(where(isBad, expandDims(positions, 0), scalar(length, "int32")), 1);
    const tokens = where(less(firstBad, scalar(length, "int32")), sub(scalar(-1, "int32"), firstBad), count);
    if (!("lengths" in real)) return { stats, tokens: tokens as Tensor1D };
    const isWrong = logicalOr(less(scalar(length, "int32"), real.lengths), less(real.lengths, scalar(0, "int32")));
    return { stats, tokens: where(isWrong, scalar(-1 - length, "int32"), tokens) as Tensor1D };
  });
}
