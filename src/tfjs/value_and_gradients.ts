import { type Tensor, valueAndGrads } from "@tensorflow/tfjs-core";

/**
 * A scalar loss and its gradients with respect to parameters that `loss` uses. The caller disposes of both.
 *
 * @throws Error where the loss does not depend on one of them
 */
export function valueAndGradients(
  loss: () => Tensor,
  parameters: readonly Tensor[],
): { value: Tensor; gradients: Tensor[] } {
  const { value, grads } = valueAndGrads(() => loss() as never)([...parameters] as never);
  return { value, gradients: grads };
}
