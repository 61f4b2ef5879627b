import {
  cast,
  div,
  equal,
  exp,
  greater,
  greaterEqual,
  log,
  max,
  mul,
  neg,
  onesLike,
  reshape,
  scalar,
  stack,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  tidy,
  topk,
  where,
} from "@tensorflow/tfjs-core";
import { rowStats as kernel } from "../../../kernels/row_stats/row_stats.ts";
import { runPlan } from "../run_plan.ts";
import { currentBackend } from "../setup.ts";

/**
 * Softmax statistics of each row of logits [rows, columns]: [rows, 4] with least confidence, margin, entropy (nats) and max
 * log-probability. Not differentiable.
 */
export function rowStats(logits: Tensor2D): Tensor2D {
  const backend = currentBackend();
  if (!backend) return rowStatsComposed(logits);
  const [rows, columns] = logits.shape;
  const plan = kernel.plan({ rows, columns }, backend.gpu.device.limits);
  return runPlan(backend, plan, { logits }, [{ name: "stats", shape: [rows, 4] }])[0] as Tensor2D;
}

/** The same of stock operations. */
export function rowStatsComposed(logits: Tensor2D): Tensor2D {
  return tidy(() => {
    const columns = logits.shape[1];
    const top = max(logits, 1, true);
    const centred = sub(logits, top);
    const terms = exp(centred);
    const total = sum(terms, 1);
    const logTotal = log(total);
    // A masked column may be -3.4e38: its term is 0, and 0 times it must be 0.
    const weighted = where(greaterEqual(centred, scalar(-87)), mul(centred, terms), scalar(0));
    const entropy = sub(logTotal, div(sum(weighted, 1), total));
    const best = div(scalar(1), total);
    const margin: Tensor = columns === 1 ? best : sub(best, div(secondOf(terms), total));
    return stack([sub(scalar(1), best), margin, entropy, neg(logTotal)], 1) as Tensor2D;
  });
}

/** The second largest of each row of e^(x-m), whose largest is 1. Sorting, as `topk` does, is the faster way on short rows only. */
function secondOf(terms: Tensor): Tensor {
  if (terms.shape.at(-1)! <= SHORT_COLUMNS) {
    const { values } = topk(terms, 2);
    return reshape(sub(sum(values, 1, true), max(values, 1, true)), [-1]);
  }
  const isTop = equal(terms, scalar(1));
  const tops = sum(cast(isTop, "float32"), 1);
  return where(greater(tops, scalar(1)), onesLike(tops), max(where(isTop, scalar(0), terms), 1));
}

const SHORT_COLUMNS = 64;
