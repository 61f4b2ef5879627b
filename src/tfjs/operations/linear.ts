import { customGrad, fused, matMul, reshape, sum, type Tensor, type Tensor2D, transpose } from "@tensorflow/tfjs-core";
import { columnSums } from "../../../kernels/column_sums/column_sums.ts";
import { product } from "../product.ts";
import { runPlan } from "../run_plan.ts";
import { currentBackend } from "../setup.ts";

/**
 * x W^T + b over the last axis. `weight` is [outputs, inputs] as Hugging Face stores it, `bias` [outputs].
 *
 * During a pass of `HalfProducts` x and W are rounded to float16, where their sizes allow it.
 */
export function linear(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  const backend = currentBackend();
  if (!backend) return linearComposed(x, weight, bias);
  const otherwise = backend.linearLayers?.linear(x, weight, bias);
  if (otherwise) return otherwise;
  const [outputs, inputs] = weight.shape as [number, number];
  const rows = x.size / inputs;
  const shape = [...x.shape.slice(0, -1), outputs];
  const inputFactor = { transposed: false, stride: inputs };
  const weightFactor = { transposed: false, stride: inputs };
  const upstreamFactor = { transposed: false, stride: outputs };
  return customGrad((a, w, b, save) => {
    const [input, weights, biases] = [a, w, b] as Tensor[];
    (save as unknown as (tensors: Tensor[]) => void)([input!, weights!]);
    const value = product(
      backend,
      { m: rows, n: outputs, k: inputs, a: inputFactor, b: { ...weightFactor, transposed: true } },
      { a: input!, b: weights!, bias: biases! },
      shape,
    );
    const gradFunc = (upstream: Tensor, [savedInput, savedWeight]: Tensor[]) => [
      product(
        backend,
        { m: rows, n: inputs, k: outputs, a: upstreamFactor, b: weightFactor },
        { a: upstream, b: savedWeight! },
        x.shape,
      ),
      product(
        backend,
        { m: outputs, n: inputs, k: rows, a: { ...upstreamFactor, transposed: true }, b: inputFactor },
        { a: upstream, b: savedInput! },
        [outputs, inputs],
      ),
      runPlan(
        backend,
        columnSums.plan({ rows, columns: outputs }, backend.gpu.device.limits),
        { values: upstream },
        [{ name: "sums", shape: [outputs] }],
      )[0]!,
    ];
    return { value, gradFunc };
  })(x, weight, bias);
}

/**
 * The same of stock operations.
 *
 * The weight is transposed by itself first: a product with a transposed right factor takes the slow path of the stock kernel.
 */
export function linearComposed(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  const [outputs, inputs] = weight.shape as [number, number];
  const rows = x.size / inputs;
  const flat = (tensor: Tensor, columns: number) => reshape(tensor, [rows, columns]) as Tensor2D;
  return customGrad((a, w, b, save) => {
    const [input, weights, biases] = [a, w, b] as Tensor[];
    (save as unknown as (tensors: Tensor[]) => void)([input!, weights!]);
    const value = fused.matMul({ a: flat(input!, inputs), b: transpose(weights as Tensor2D), bias: biases! });
    const gradFunc = (upstream: Tensor, [savedInput, savedWeight]: Tensor[]) => {
      const dy = flat(upstream, outputs);
      return [
        reshape(matMul(dy, savedWeight as Tensor2D), savedInput!.shape),
        matMul(dy, flat(savedInput!, inputs), true, false),
        sum(dy, 0),
      ];
    };
    return { value: reshape(value, [...x.shape.slice(0, -1), outputs]), gradFunc };
  })(x, weight, bias);
}
