import { customGrad, exp, log, max, mul, sub, sum, type Tensor } from "@tensorflow/tfjs-core";
import {
  logSoftmax as logSoftmaxKernel,
  logSoftmaxGradient,
  softmax as softmaxKernel,
  softmaxGradient,
  type SoftmaxShape,
} from "../../../kernels/softmax/softmax.ts";
import type { Kernel } from "../../gpu/kernel.ts";
import type { PupilBackend } from "../backend.ts";
import { runPlan } from "../run_plan.ts";
import { currentBackend } from "../setup.ts";

/** Softmax over the last axis. */
export function softmax(logits: Tensor): Tensor {
  const backend = currentBackend();
  if (!backend) return softmaxComposed(logits);
  return differentiable(backend, logits, softmaxKernel, softmaxGradient);
}

/** Log-softmax over the last axis, in nats. */
export function logSoftmax(logits: Tensor): Tensor {
  const backend = currentBackend();
  if (!backend) return logSoftmaxComposed(logits);
  return differentiable(backend, logits, logSoftmaxKernel, logSoftmaxGradient);
}

/** {@link softmax} of stock operations, with its gradient y (g - sum g y). */
export function softmaxComposed(logits: Tensor): Tensor {
  return customGrad((x, save) => {
    const y = exp(logSoftmaxValues(x as Tensor));
    (save as (tensors: Tensor[]) => void)([y]);
    const gradFunc = (g: Tensor, [saved]: Tensor[]) => {
      const weighted = mul(g, saved!);
      return sub(weighted, mul(saved!, sum(weighted, -1, true)));
    };
    return { value: y, gradFunc };
  })(logits);
}

/** {@link logSoftmax} of stock operations, with its gradient g - e^y sum g. */
export function logSoftmaxComposed(logits: Tensor): Tensor {
  return customGrad((x, save) => {
    const y = logSoftmaxValues(x as Tensor);
    (save as (tensors: Tensor[]) => void)([y]);
    return { value: y, gradFunc: (g: Tensor, [saved]: Tensor[]) => sub(g, mul(exp(saved!), sum(g, -1, true))) };
  })(logits);
}

function logSoftmaxValues(x: Tensor): Tensor {
  const centred = sub(x, max(x, -1, true));
  return sub(centred, log(sum(exp(centred), -1, true)));
}

function differentiable(
  backend: PupilBackend,
  logits: Tensor,
  forward: Kernel<SoftmaxShape>,
  backward: Kernel<SoftmaxShape>,
): Tensor {
  const columns = logits.shape.at(-1)!;
  const shape = { rows: logits.size / columns, columns };
  const { limits } = backend.gpu.device;
  const outputOf = (name: string) => [{ name, shape: logits.shape }];
  return customGrad((x, save) => {
    const [y] = runPlan(backend, forward.plan(shape, limits), { logits: x as Tensor }, outputOf("result"));
    (save as (tensors: Tensor[]) => void)([y!]);
    const gradFunc = (upstream: Tensor, [result]: Tensor[]) =>
      runPlan(backend, backward.plan(shape, limits), { result: result!, upstream }, outputOf("gradient"))[0]!;
    return { value: y!, gradFunc };
  })(logits);
}
