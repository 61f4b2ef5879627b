import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { requireFiniteTokens } from "../../kernels/sequence_stats/sequence_stats.ts";
import {
  type RealTokens,
  sequenceStats,
  sequenceStatsComposed,
  type SequenceStatsTensors,
} from "../../src/tfjs/operations/sequence_stats.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows } from "../kernels/cases.ts";

beforeAll(async () => {
  await useGpu(await testGpu());
});

const LOWEST = -3.4028234663852886e38;

async function read({ stats, tokens }: SequenceStatsTensors) {
  expect(tokens.dtype).toBe("int32");
  return { shape: stats.shape, stats: await stats.data(), tokens: await tokens.data() as Int32Array };
}

async function expectSame(logits: tf.Tensor3D, real: RealTokens): Promise<void> {
  const [ours, stock] = [await read(sequenceStats(logits, real)), await read(sequenceStatsComposed(logits, real))];
  expect(ours.shape).toEqual(stock.shape);
  expect([...ours.tokens]).toEqual([...stock.tokens]);
  expectClose(ours.stats, stock.stats, (index) => (index % 4 === 0 ? 3e-6 * logits.shape[1] : 3e-6));
}

const lengthsOf = (...lengths: number[]) => ({ lengths: tf.tensor1d(lengths, "int32") });

describe("sequence statistics of a kernel and of stock operations", () => {
  it.each([[1, 1, 1], [5, 3, 2], [4, 20, 9], [3, 2, 130]])("agree at [%i, %i, %i]", async (...shape) => {
    const [sequences, length, classes] = shape;
    const logits = tf.tensor3d(normalRows(sequences * length, classes), shape);
    await expectSame(logits, lengthsOf(...Array.from({ length: sequences }, (_, index) => index % (length + 1))));
    const mask = tf.tensor2d(
      Array.from({ length: sequences * length }, (_, index) => (index * index) % 3),
      [sequences, length],
      "int32",
    );
    await expectSame(logits, { mask });
    await expectSame(logits, { mask: tf.notEqual(mask, 0) });
  });

  it("agree on ties, on tokens that are nearly sure and on masked ones", async () => {
    const logits = tf.tensor3d([[
      [1, 1, 1, 1],
      [2, -1, 2, 0],
      [80, -80, 0, 3],
      [LOWEST, 1, LOWEST, 0],
      [-1e9, 5, 4.9, -1e9],
      [LOWEST, LOWEST, LOWEST, LOWEST],
    ]]);
    await expectSame(logits, lengthsOf(6));
  });

  it("agree on a length that is too great, or below 0", async () => {
    const logits = tf.tensor3d(normalRows(6, 4), [3, 2, 4]);
    const { tokens } = await read(sequenceStats(logits, lengthsOf(2, 3, -1)));
    expect([...tokens]).toEqual([2, -3, -3]);
    const stock = await read(sequenceStatsComposed(logits, lengthsOf(2, 3, -1)));
    expect([...stock.tokens]).toEqual([2, -3, -3]);
    expect(() => requireFiniteTokens(stock.tokens, 2)).toThrow(/the length of sequence 1 is above 2/);
  });

  it("tell the reader of a NaN", async () => {
    const values = normalRows(6, 4);
    values[4 * 5 + 1] = NaN;
    const { tokens } = await read(sequenceStats(tf.tensor3d(values, [2, 3, 4]), lengthsOf(3, 3)));
    expect(() => requireFiniteTokens(tokens, 3)).toThrow(/token 2 of sequence 1/);
  });

  it("leave no tensor behind", async () => {
    const logits = tf.tensor3d(normalRows(6, 4), [3, 2, 4]);
    const real = lengthsOf(2, 1, 0);
    const before = tf.memory().numTensors;
    for (const operation of [sequenceStats, sequenceStatsComposed]) tf.dispose({ ...operation(logits, real) });
    expect(tf.memory().numTensors).toBe(before);
    await logits.data();
  });
});
