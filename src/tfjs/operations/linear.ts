import { customGrad, fused, matMul, reshape, sum, type Tensor, type Tensor2D, transpose } from "@tensorflow/tfjs-core";
import { columnSums } from "../../../kernels/column_sums/column_sums.ts";
import type { PupilBackend } from "../backend.ts";
import { product } from "../product.ts";
import { runPlan } from "../run_plan.ts";
import { currentBackend } from "../setup.ts";

/**
 * x W^T + b over the last axis. `weight` is [outputs, inputs] as Hugging Face stores it, `bias` [outputs]; some layers have none.
 *
 * During a pass of `HalfProducts` x and W are rounded to float16, where their sizes allow it.
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const backend = currentBackend();
  if (!backend) return linearComposed(x, weight, bias);
  const otherwise = backend.linearLayers?.linear(x, weight, bias);
  if (otherwise) return otherwise;
  const [outputs, inputs] = weight.shape as [number, number];
  const rows = x.size / inputs;
  const inputFactor = { transposed: false, stride: inputs };
  const weightFactor = { transposed: false, stride: inputs };
  const upstreamFactor = { transposed: false, stride: outputs };
  return differentiable(x, weight, bias, {
    value: (input, weights, biases) =>
      product(
        backend,
        { m: rows, n: outputs, k: inputs, a: inputFactor, b: { ...weightFactor, transposed: true } },
        { a: input, b: weights, ...(biases ? { bias: biases } : {}) },
        [...x.shape.slice(0, -1), outputs],
      ),
    inputGradient: (upstream, weights) =>
      product(
        backend,
        { m: rows, n: inputs, k: outputs, a: upstreamFactor, b: weightFactor },
        { a: upstream, b: weights },
        x.shape,
      ),
    weightGradient: (upstream, input) =>
      product(
        backend,
        { m: outputs, n: inputs, k: rows, a: { ...upstreamFactor, transposed: true }, b: inputFactor },
        { a: upstream, b: input },
        [outputs, inputs],
      ),
    biasGradient: (upstream) => sumOfRows(backend, upstream, outputs),
  });
}

/**
 * The same of stock operations.
 *
 * The weight is transposed by itself first: a product with a transposed right factor takes the slow path of the stock kernel.
 */
export function linearComposed(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const [outputs, inputs] = weight.shape as [number, number];
  const rows = x.size / inputs;
  const flat = (tensor: Tensor, columns: number) => reshape(tensor, [rows, columns]) as Tensor2D;
  return differentiable(x, weight, bias, {
    value(input, weights, biases) {
      const factors = { a: flat(input, inputs), b: transpose(weights as Tensor2D) };
      const value = fused.matMul({ ...factors, ...(biases ? { bias: biases } : {}) });
      return reshape(value, [...x.shape.slice(0, -1), outputs]);
    },
    inputGradient: (upstream, weights) => reshape(matMul(flat(upstream, outputs), weights as Tensor2D), x.shape),
    weightGradient: (upstream, input) => matMul(flat(upstream, outputs), flat(input, inputs), true, false),
    biasGradient: (upstream) => sum(flat(upstream, outputs), 0),
  });
}

/** The sum of the rows of values [..., columns]: the gradient of a bias. */
export function sumOfRows(backend: PupilBackend, values: Tensor, columns: number): Tensor {
  const plan = columnSums.plan({ rows: values.size / columns, columns }, backend.gpu.device.limits);
  return runPlan(backend, plan, { values }, [{ name: "sums", shape: [columns] }])[0]!;
}

/** A linear layer, and what its inputs' gradients are. */
interface LinearParts {
  value(input: Tensor, weight: Tensor, bias: Tensor | undefined): Tensor;
  inputGradient(upstream: Tensor, weight: Tensor): Tensor;
  weightGradient(upstream: Tensor, input: Tensor): Tensor;
  biasGradient(upstream: Tensor): Tensor;
}

function differentiable(x: Tensor, weight: Tensor, bias: Tensor | undefined, parts: LinearParts): Tensor {
  const operation = (...given: unknown[]) => {
    const save = given.pop() as (tensors: Tensor[]) => void;
    const [input, weights, biases] = given as [Tensor, Tensor, Tensor?];
    save([input, weights]);
    const gradFunc = (upstream: Tensor, [savedInput, savedWeight]: Tensor[]) => [
      parts.inputGradient(upstream, savedWeight!),
      parts.weightGradient(upstream, savedInput!),
      ...(bias ? [parts.biasGradient(upstream)] : []),
    ];
    return { value: parts.value(input, weights, biases), gradFunc };
  };
  return customGrad(operation as never)(x, weight, ...(bias ? [bias] : []));
}
