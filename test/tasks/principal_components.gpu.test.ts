import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { random } from "../../src/random.ts";
import { principalComponents } from "../../src/tasks/principal_components.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { useWasm } from "../../src/tfjs/wasm.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { wasmFiles } from "../tfjs/wasm_files.ts";

type Rows = readonly (readonly number[])[];

/** Rows whose columns are mixed from independent sources of falling strength. */
function mixed(rows: number, width: number, strengths: readonly number[], offset = 0): Rows {
  const from = random("principal components", rows, width);
  const normal = () => Math.sqrt(-2 * Math.log(1 - from.uniform())) * Math.cos(2 * Math.PI * from.uniform());
  const mixing = strengths.map(() => Array.from({ length: width }, normal));
  return Array.from({ length: rows }, () => {
    const sources = strengths.map((strength) => strength * normal());
    return Array.from(
      { length: width },
      (_, column) => offset + sources.reduce((sum, source, index) => sum + source * mixing[index]![column]!, 0),
    );
  });
}

/** Coordinates along the two directions of greatest variance, in float64: Jacobi's rotations of the covariance matrix. */
function reference(rows: Rows): [x: number[], y: number[]] {
  const width = rows[0]!.length;
  const means = Array.from({ length: width }, (_, c) => rows.reduce((sum, row) => sum + row[c]!, 0) / rows.length);
  const centred = rows.map((row) => row.map((value, c) => value - means[c]!));
  const a = means.map((_, i) => means.map((_, j) => centred.reduce((sum, row) => sum + row[i]! * row[j]!, 0)));
  const vectors = means.map((_, i) => means.map((_, j) => Number(i === j)));
  for (let sweep = 0; sweep < 60; sweep++) {
    for (let p = 0; p < width; p++) {
      for (let q = p + 1; q < width; q++) {
        if (a[p]![q] === 0) continue;
        const angle = Math.atan2(2 * a[p]![q]!, a[q]![q]! - a[p]![p]!) / 2;
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        const rotate = (u: number, v: number) => [c * u - s * v, s * u + c * v] as const;
        for (const row of [...a, ...vectors]) [row[p], row[q]] = rotate(row[p]!, row[q]!);
        for (let k = 0; k < width; k++) [a[p]![k], a[q]![k]] = rotate(a[p]![k]!, a[q]![k]!);
      }
    }
  }
  const order = means.map((_, index) => index).sort((i, j) => a[j]![j]! - a[i]![i]!);
  const along = (which: number | undefined) =>
    centred.map((row) => which === undefined ? 0 : row.reduce((sum, value, c) => sum + value * vectors[c]![which]!, 0));
  return [along(order[0]), along(order[1])];
}

const greatest = (values: ArrayLike<number>) =>
  Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** The same up to the sign, which is free, to a part of the greatest. */
function expectAlike(found: Float32Array, expected: readonly number[], scale: number): void {
  expect(found).toHaveLength(expected.length);
  const agreement = expected.reduce((sum, value, index) => sum + value * found[index]!, 0);
  const sign = agreement < 0 ? -1 : 1;
  expect(greatest(expected.map((value, index) => sign * found[index]! - value)) / (scale || 1)).toBeLessThan(1e-3);
}

/** Of few shapes, since a software adapter compiles for each. */
const cases: Readonly<Record<string, Rows>> = {
  "as of sentence vectors": mixed(300, 64, [8, 4, 2, 1, 0.5, 0.25]),
  "far from the origin": mixed(100, 64, [3, 1, 0.3], 50),
  "of two columns": mixed(40, 2, [2, 0.7]),
  "of one column": mixed(20, 1, [1]),
  "of two rows": mixed(2, 64, [1, 1]),
  "of three rows": mixed(3, 64, [4, 1]),
  "that vary along one line": mixed(50, 64, [5]),
  "far from the origin, along one line": mixed(50, 64, [5], 10),
};

describe.each(["webgpu", "wasm"])("principal components on %s", (backend) => {
  beforeAll(async () => {
    if (backend === "wasm") await useWasm(wasmFiles);
    else await useGpu(await testGpu());
  });

  it.each(Object.keys(cases))("agree with the float64 reference on rows %s", async (name) => {
    const rows = cases[name]!;
    const before = memory().numTensors;
    const { x, y } = await principalComponents(Float32Array.from(rows.flat()), rows[0]!.length);
    expect(memory().numTensors).toBe(before);
    const expected = reference(rows);
    expectAlike(x, expected[0], greatest(expected[0]));
    expectAlike(y, expected[1], greatest(expected[0]));
    if (greatest(expected[1]) < 1e-6 * greatest(expected[0])) expect(greatest(y), "no second direction").toBe(0);
  });

  it.each([[0.1, 7], [0, 5], [1e4, 1]])("are zeros where every row is %f, %i times", async (value, rows) => {
    const { x, y } = await principalComponents(new Float32Array(rows * 64).fill(value), 64);
    expect([...x, ...y]).toEqual(new Array(2 * rows).fill(0));
  });

  it("are none of no rows", async () => {
    expect(await principalComponents(new Float32Array(), 3)).toEqual({ x: new Float32Array(), y: new Float32Array() });
  });

  it("do not change sign with the order of rows", async () => {
    const rows = cases["of two columns"]!;
    const forward = await principalComponents(Float32Array.from(rows.flat()), 2);
    const backward = await principalComponents(Float32Array.from(rows.toReversed().flat()), 2);
    backward.x.toReversed().forEach((value, row) => expect(value).toBeCloseTo(forward.x[row]!, 4));
  });
});
