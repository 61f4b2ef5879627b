import { customGrad, fused, matMul, reshape, sum, type Tensor, type Tensor2D, transpose } from "@tensorflow/tfjs-core";

/**
 * x W^T + b over the last axis. `weight` is [outputs, inputs] as Hugging Face stores it, `bias` [outputs].
 *
 * The weight is transposed by itself first: a product with a transposed right factor takes the slow path of the stock kernel.
 */
export function linear(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
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
