import { random } from "../random.ts";
import type { InitialParameter } from "./architecture.ts";

/**
 * Initial values by seed. Each parameter draws from its own key (seed, model, name), so that adding one, such as a head with
 * another number of labels, leaves the others as they are.
 *
 * @see Glorot & Bengio, Understanding the difficulty of training deep feedforward neural networks, 2010 (xavier)
 */
export function initialValues(
  parameters: readonly InitialParameter[],
  seed: number,
  model: string,
): Map<string, Float32Array> {
  return new Map(parameters.map((parameter) => [parameter.name, draw(parameter, seed, model)]));
}

function draw({ name, shape, initializer }: InitialParameter, seed: number, model: string): Float32Array {
  const values = new Float32Array(shape.reduce((size, dimension) => size * dimension, 1));
  if (initializer.kind === "constant") return values.fill(initializer.value);
  const from = random(seed, model, "initial", name);
  if (initializer.kind === "normal") return values.map(() => from.normal() * initializer.range);
  const bound = Math.sqrt(6 / (shape[0]! + shape[1]!));
  return values.map(() => (from.uniform() * 2 - 1) * bound);
}
