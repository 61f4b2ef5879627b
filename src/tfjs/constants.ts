import { engine, keep, type Scalar, scalar } from "@tensorflow/tfjs-core";

const byBackend = new WeakMap<object, Map<number, Scalar>>();

/**
 * A scalar tensor that is made once and kept. A fresh one each time would be uploaded each time, and an upload ends the compute
 * pass that is being recorded: that costs more than the operation it is for.
 */
export function constant(value: number): Scalar {
  const { backend } = engine();
  const known = byBackend.get(backend) ?? new Map<number, Scalar>();
  byBackend.set(backend, known);
  const found = known.get(value) ?? keep(scalar(value));
  known.set(value, found);
  return found;
}
