import { customGrad, mul, type Tensor, tensor } from "@tensorflow/tfjs-core";
import { dropout as kernel } from "../../../kernels/dropout/dropout.ts";
import type { DropoutKey } from "../../../kernels/dropout/reference.ts";
import { dropoutMask } from "../dropout_mask.ts";
import { runPlan } from "../run_plan.ts";
import { currentBackend } from "../setup.ts";

export type { DropoutKey };

/** Dropout that an operation has within it. */
export interface Dropout {
  /** Of an element being dropped, in [0, 1). */
  readonly probability: number;
  readonly key: DropoutKey;
}

/** Inverted dropout with a mask that is a function of the key and the position alone; the identity at probability 0. */
export function dropout(x: Tensor, probability: number, key: DropoutKey): Tensor {
  if (probability === 0) return x;
  const backend = currentBackend();
  if (!backend) return dropoutComposed(x, probability, key);
  const plan = kernel.plan({ length: x.size, probability, key }, backend.gpu.device.limits);
  const masked = (values: Tensor) => runPlan(backend, plan, { values }, [{ name: "result", shape: x.shape }])[0]!;
  return customGrad((values) => ({ value: masked(values as Tensor), gradFunc: masked }))(x);
}

/** The same with a mask drawn on the CPU and stock operations. */
export function dropoutComposed(x: Tensor, probability: number, key: DropoutKey): Tensor {
  return mul(x, tensor(dropoutMask(x.size, probability, key), x.shape));
}
