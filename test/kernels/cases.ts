import { random } from "../../src/random.ts";

/** Normal logits of a given spread, float32. */
export function normalRows(rows: number, columns: number, scale = 3, key: string | number = 0): Float32Array {
  const from = random("test logits", rows, columns, scale, key);
  return Float32Array.from({ length: rows * columns }, () => from.normal() * scale);
}

export function rowsOf(flat: ArrayLike<number>, columns: number): number[][] {
  const all = Array.from(flat);
  return Array.from({ length: all.length / columns }, (_, row) => all.slice(row * columns, (row + 1) * columns));
}

/** Asserts closeness with a tolerance of its own for each element, and names the worst. */
export function expectClose(
  actual: ArrayLike<number>,
  wanted: ArrayLike<number>,
  tolerance: number | ((index: number) => number),
  what = "value",
): void {
  if (actual.length !== wanted.length) throw new Error(`${what}: ${actual.length} values, ${wanted.length} wanted`);
  const at = typeof tolerance === "number" ? () => tolerance : tolerance;
  let worst = -1;
  let excess = 0;
  for (let index = 0; index < actual.length; index++) {
    const ratio = Math.abs(actual[index]! - wanted[index]!) / at(index);
    if (!(ratio <= 1) && !(ratio <= excess)) {
      worst = index;
      excess = ratio;
      if (Number.isNaN(ratio)) break;
    }
  }
  if (worst >= 0) {
    throw new Error(`${what} ${worst} is ${actual[worst]}; wanted ${wanted[worst]} to ${at(worst)}`);
  }
}
