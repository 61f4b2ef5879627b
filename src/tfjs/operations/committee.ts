import {
  argMax,
  exp,
  log,
  max,
  maximum,
  mean,
  mul,
  neg,
  oneHot,
  relu,
  scalar,
  stack,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tidy,
} from "@tensorflow/tfjs-core";
import { committee as kernel } from "../../../kernels/committee/committee.ts";
import { runPlan } from "../run_plan.ts";
import { currentBackend } from "../setup.ts";

/**
 * How far members' predictions differ, from their logits [members, rows, classes]: [rows, 5] with mean and largest
 * KL(P_c, mean P), vote entropy, entropy of the mean prediction and mean entropy of the predictions, in nats. Not differentiable.
 */
export function committee(logits: Tensor3D): Tensor2D {
  const backend = currentBackend();
  if (!backend) return committeeComposed(logits);
  const [members, rows, classes] = logits.shape;
  const plan = kernel.plan({ members, rows, classes }, backend.gpu.device.limits);
  return runPlan(backend, plan, { logits }, [{ name: "stats", shape: [rows, 5] }])[0] as Tensor2D;
}

/** The same of stock operations. */
export function committeeComposed(logits: Tensor3D): Tensor2D {
  return tidy(() => {
    const centred = sub(logits, max(logits, 2, true));
    const logP = sub(centred, log(sum(exp(centred), 2, true)));
    const p = exp(logP);
    const consensus = mean(p, 0);
    const logConsensus = logOf(consensus);
    const divergence = relu(sum(mul(p, sub(logP, logConsensus)), 2));
    // A depth of 1 is refused; a class that nobody votes for adds nothing.
    const votes = mean(oneHot(argMax(logits, 2), Math.max(2, logits.shape[2]), 1, 0, "float32"), 0);
    return stack([
      mean(divergence, 0),
      max(divergence, 0),
      neg(sum(mul(votes, logOf(votes)), 1)),
      neg(sum(mul(consensus, logConsensus), 1)),
      neg(mean(sum(mul(p, logP), 2), 0)),
    ], 1) as Tensor2D;
  });
}

/** The logarithm, finite at 0, so that 0 log 0 = 0. */
function logOf(p: Tensor): Tensor {
  return log(maximum(p, scalar(1e-37)));
}
