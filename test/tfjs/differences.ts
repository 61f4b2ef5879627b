import { dispose, grads, type Tensor, tensor, tidy } from "@tensorflow/tfjs-core";
import { expect } from "vitest";
import { random } from "../../src/random.ts";
import { normalRows } from "../kernels/cases.ts";

/** An argument of an operation: normal values, unless others are given. */
export interface Argument {
  readonly shape: readonly number[];
  readonly values?: Float32Array;
}

/** Small against the curvature of all that is tested: the truncation of a third derivative of 1 is 4e-5. */
const STEP = 2 ** -6;

/**
 * Asserts that an operation's gradients, for a random upstream gradient, are what central differences of its result say along a
 * random direction of each argument: to `tolerance` of the gradient's norm, or of 1 where that is less. The differences of the
 * result's elements are added in float64, so that float32 costs about 1e-5; a smaller `step`, for what has bends such as ReLU's, costs more.
 */
export async function expectGradients(
  operation: (...inputs: Tensor[]) => Tensor,
  given: readonly Argument[],
  tolerance = 1e-3,
  step = STEP,
): Promise<void> {
  const values = given.map((each, index) => each.values ?? normalRows(1, sizeOf(each.shape), 1, `argument ${index}`));
  const at = (places: readonly Float32Array[]) =>
    places.map((each, index) => tensor(each, [...given[index]!.shape], "float32"));
  const resultAt = (places: readonly Float32Array[]) => tidy(() => operation(...at(places)));

  const inputs = at(values);
  const result = resultAt(values);
  const upstream = normalRows(1, result.size, 1, "upstream");
  const dy = tensor(upstream, result.shape, "float32");
  const gradients = grads((...each: Tensor[]) => operation(...each))([...inputs], dy);
  for (const [index, own] of values.entries()) {
    expect(gradients[index]!.shape, `shape of the gradient of argument ${index}`).toEqual(given[index]!.shape);
    const gradient = await gradients[index]!.data();
    const norm = Math.hypot(...gradient);
    const from = random("direction", index);
    const direction = Array.from(own, () => 3 * from.uniform() - 1.5);
    const moved = (by: number) => values.with(index, own.map((value, element) => value + by * direction[element]!));
    const [up, down] = [resultAt(moved(step)), resultAt(moved(-step))];
    const [higher, lower] = [await up.data(), await down.data()];
    dispose([up, down]);
    const slopes = Array.from(upstream, (u, element) => u * (higher[element]! - lower[element]!) / (2 * step));
    const numeric = slopes.reduce((sum, slope) => sum + slope, 0);
    const analytic = direction.reduce((sum, along, element) => sum + along * gradient[element]!, 0);
    const message = `argument ${index}: ${analytic} along a random direction; differences say ${numeric}`;
    expect(Math.abs(analytic - numeric), message).toBeLessThan(tolerance * Math.max(1, norm));
  }
  dispose([...inputs, result, dy, ...gradients]);
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, dimension) => size * dimension, 1);
}
