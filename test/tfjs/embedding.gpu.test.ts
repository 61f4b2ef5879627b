import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { KernelError } from "../../src/gpu/kernel.ts";
import type { PupilBackend } from "../../src/tfjs/backend.ts";
import { type EmbeddingLookup, embeddingSum, embeddingSumComposed } from "../../src/tfjs/operations/embedding.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectGradients } from "./differences.ts";

let backend: PupilBackend;
beforeAll(async () => {
  backend = await useGpu(await testGpu());
});

const ids = (...values: number[]) => ({ values: Int32Array.from(values), shape: [2, values.length / 2] });

describe("a sum of embeddings", () => {
  it("adds what each position looks up, in the shape of the ids", async () => {
    const y = embeddingSum([
      { table: tf.tensor([[1, 2], [3, 4]]), ids: ids(0, 1, 1, 0) },
      { table: tf.tensor([[10, 20], [30, 40], [50, 60]]), ids: ids(2, 2, 0, 1) },
    ]);
    expect(y.shape).toEqual([2, 2, 2]);
    expect([...await y.data()]).toEqual([51, 62, 53, 64, 13, 24, 31, 42]);
  });

  it.each([1, 3, 4])("has gradients as differences say: %i columns", async (columns) => {
    const lookups = [ids(2, 0, 2, 4, 4, 2), ids(0, 1, 2, 0, 1, 2), ids(0, 0, 0, 0, 0, 0)];
    await expectGradients(
      (...tables) => embeddingSum(tables.map((table, index) => ({ table, ids: lookups[index]! }))),
      [{ shape: [6, columns] }, { shape: [3, columns] }, { shape: [2, columns] }],
    );
  });

  it("is one operation forward and one a table backward", () => {
    const [a, b] = [tf.zeros([5, 4]), tf.zeros([3, 4])];
    const sum = (...tables: tf.Tensor[]) => embeddingSum(tables.map((table) => ({ table, ids: ids(0, 1, 2, 0) })));
    let before = backend.kernelCalls;
    sum(a, b);
    expect(backend.kernelCalls - before).toBe(1);
    const upstream = tf.zeros([2, 2, 4]);
    before = backend.kernelCalls;
    tf.grads(sum)([a, b], upstream);
    expect(backend.kernelCalls - before).toBe(3);
  });

  const table = (shape: [number, number]) => tf.zeros(shape);
  it.each(
    [
      ["no table", () => [], RangeError, "there is no table to look anything up in"],
      [
        "tables of different widths",
        () => [{ table: table([2, 3]), ids: ids(0, 0) }, { table: table([2, 4]), ids: ids(0, 0) }],
        RangeError,
        "ids [2,1] of a table [2,4] do not add to ids [2,1] of a table [2,3]",
      ],
      [
        "ids of different shapes",
        () => [{ table: table([2, 3]), ids: ids(0, 0) }, { table: table([2, 3]), ids: ids(0, 0, 0, 0) }],
        RangeError,
        "ids [2,2] of a table [2,3] do not add to ids [2,1] of a table [2,3]",
      ],
    ] as [string, () => EmbeddingLookup[], new () => Error, string][],
  )("refuses %s", (_what, lookups, kind, message) => {
    for (const operation of [embeddingSum, embeddingSumComposed]) {
      expect(() => operation(lookups())).toThrow(kind);
      expect(() => operation(lookups())).toThrow(message);
    }
  });

  it("refuses an id outside its table", () => {
    const lookups = [{ table: table([2, 3]), ids: ids(0, 1) }, { table: table([1, 3]), ids: ids(0, 1) }];
    expect(() => embeddingSum(lookups)).toThrow(
      new KernelError("embedding_lookup", "id 1 at position 1 is outside a table of 1 rows"),
    );
  });
});
