import { random } from "../../src/random.ts";

/** Normal logits, spread 3, by shape. A million are drawn and then repeated: drawing more would take longer than measuring. */
export function normals(shape: readonly number[], purpose = "logits"): Float32Array {
  const size = shape.reduce((product, axis) => product * axis, 1);
  const from = random("bench", purpose, ...shape);
  const drawn = Float32Array.from({ length: Math.min(size, 1_000_003) }, () => from.normal() * 3);
  const values = new Float32Array(size);
  for (let at = 0; at < size; at += drawn.length) values.set(drawn.subarray(0, size - at), at);
  return values;
}
