import {
  add,
  customGrad,
  erf,
  exp,
  mul,
  relu,
  sigmoid,
  square,
  step,
  sub,
  tanh,
  type Tensor,
} from "@tensorflow/tfjs-core";
import { activation as kernel, activationGradient } from "../../../kernels/activation/activation.ts";
import { type ActivationKind, activationNames } from "../../../kernels/activation/reference.ts";
import { constant } from "../constants.ts";
import { runPlan } from "../run_plan.ts";
import { currentBackend } from "../setup.ts";

export { type ActivationKind, activationNames };

/**
 * An activation function of each element: "gelu", exact; "gelu_tanh", its approximation by a tanh, as in GPT-2; "relu"; "tanh".
 * The result has the shape of `x`. Hendrycks & Gimpel, 2016.
 */
export function activation(x: Tensor, kind: ActivationKind): Tensor {
  const backend = currentBackend();
  if (!backend) return activationComposed(x, kind);
  const columns = x.shape.at(-1) ?? 1;
  const shape = { rows: x.size / columns, columns, kind };
  const { limits } = backend.gpu.device;
  return customGrad((input, save) => {
    const values = input as Tensor;
    const [value] = runPlan(backend, kernel.plan(shape, limits), { values }, [{ name: "result", shape: x.shape }]);
    (save as (tensors: Tensor[]) => void)([values]);
    const gradFunc = (upstream: Tensor, [saved]: Tensor[]) => {
      const plan = activationGradient.plan(shape, limits);
      return runPlan(backend, plan, { values: saved!, upstream }, [{ name: "gradient", shape: x.shape }])[0]!;
    };
    return { value: value!, gradFunc };
  })(x);
}

const BEND = Math.sqrt(2 / Math.PI);

/** What a kind computes of stock operations: the value, what its gradient needs of it, and the slope from that. */
interface Composition {
  value(x: Tensor): [value: Tensor, saved: Tensor[]];
  slope(saved: Tensor[]): Tensor;
}

const compositions: Readonly<Record<ActivationKind, Composition>> = {
  gelu: {
    value(x) {
      const cumulative = mul(add(erf(mul(x, constant(Math.SQRT1_2))), constant(1)), constant(0.5));
      return [mul(x, cumulative), [x, cumulative]];
    },
    slope([x, cumulative]) {
      const density = mul(exp(mul(square(x!), constant(-0.5))), constant(1 / Math.sqrt(2 * Math.PI)));
      return add(cumulative!, mul(x!, density));
    },
  },
  // x (1 + tanh u) / 2 is x sigmoid(2u).
  gelu_tanh: {
    value(x) {
      const bend = add(mul(square(x), constant(2 * BEND * 0.044715)), constant(2 * BEND));
      const gate = sigmoid(mul(x, bend));
      return [mul(x, gate), [x, gate]];
    },
    slope([x, gate]) {
      const bend = add(mul(square(x!), constant(6 * BEND * 0.044715)), constant(2 * BEND));
      return mul(gate!, add(mul(mul(x!, sub(constant(1), gate!)), bend), constant(1)));
    },
  },
  relu: { value: (x) => [relu(x), [x]], slope: ([x]) => step(x!) },
  tanh: {
    value(x) {
      const y = tanh(x);
      return [y, [y]];
    },
    slope: ([y]) => sub(constant(1), square(y!)),
  },
};

/** {@link activation} of stock operations. */
export function activationComposed(x: Tensor, kind: ActivationKind): Tensor {
  const composition = compositions[kind];
  return customGrad((input, save) => {
    const [value, kept] = composition.value(input as Tensor);
    (save as (tensors: Tensor[]) => void)(kept);
    return { value, gradFunc: (upstream: Tensor, saved: Tensor[]) => mul(upstream, composition.slope(saved)) };
  })(x);
}
