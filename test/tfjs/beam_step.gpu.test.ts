import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { NO_SCORE, requireSoundBeams, TokenMask } from "../../kernels/beam_step/beam_step.ts";
import { KernelError } from "../../src/gpu/kernel.ts";
import {
  type BeamEntryTensors,
  beamStep,
  beamStepComposed,
  type BeamStepResult,
  type BeamStepRules,
} from "../../src/tfjs/operations/beam_step.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows } from "../kernels/cases.ts";

beforeAll(async () => {
  await useGpu(await testGpu());
});

interface Given {
  readonly logits: tf.Tensor3D;
  readonly scores: tf.Tensor2D;
}

function given(examples: number, beams: number, vocabulary: number): Given {
  return {
    logits: tf.tensor3d(normalRows(examples * beams, vocabulary), [examples, beams, vocabulary]),
    scores: tf.tensor2d(normalRows(examples, beams).map((x) => -Math.abs(x)), [examples, beams]),
  };
}

async function expectSameEntries(ours: BeamEntryTensors, stock: BeamEntryTensors): Promise<void> {
  expect(ours.scores.shape).toEqual(stock.scores.shape);
  expectClose(await ours.scores.data(), await stock.scores.data(), 1e-5, "score");
  expect(await ours.beams.data()).toEqual(await stock.beams.data());
  expect(await ours.tokens.data()).toEqual(await stock.tokens.data());
  expect([ours.scores.dtype, ours.beams.dtype, ours.tokens.dtype]).toEqual(["float32", "int32", "int32"]);
}

async function expectSame({ logits, scores }: Given, rules?: BeamStepRules): Promise<BeamStepResult> {
  const ours = beamStep(logits, scores, rules);
  const stock = beamStepComposed(logits, scores, rules);
  await expectSameEntries(ours.candidates, stock.candidates);
  await expectSameEntries(ours.next, stock.next);
  expect(await ours.faults.data()).toEqual(await stock.faults.data());
  return ours;
}

describe("a beam step of a kernel and of stock operations", () => {
  it.each([[1, 1, 2], [3, 2, 5], [2, 3, 90], [2, 4, 1100]])("agree at [%i, %i, %i]", async (...shape) => {
    await expectSame(given(...shape));
  });

  it("agree on what goes on where sequences end", async () => {
    const { next } = await expectSame(given(6, 3, 7), { endOfSequence: 4 });
    expect(await next.tokens.data()).not.toContain(4);
  });

  it("agree on forbidden and forced tokens, dead beams and a first step", async () => {
    const [examples, beams, vocabulary] = [3, 3, 40];
    const forbidden = new TokenMask(9, vocabulary);
    for (let row = 0; row < 9; row++) {
      for (let token = 0; token < vocabulary; token++) if ((token + row) % 3) forbidden.forbid(row, token);
    }
    const forced = new Int32Array(9).fill(-1);
    forced[1] = 7;
    forced[5] = 0;
    const { logits } = given(examples, beams, vocabulary);
    const scores = tf.tensor2d([[-1, -2, -3], [-0.5, NO_SCORE, -5], [0, NO_SCORE, NO_SCORE]]);
    await expectSame({ logits, scores }, { endOfSequence: 7, forbidden: forbidden.words, forced });
  });

  it("agree on what does not exist", async () => {
    const forbidden = new TokenMask(2, 5);
    for (let row = 0; row < 2; row++) [0, 1, 3, 4].forEach((token) => forbidden.forbid(row, token));
    const { candidates } = await expectSame(given(1, 2, 5), { endOfSequence: 2, forbidden: forbidden.words });
    expect([...await candidates.tokens.data()]).toEqual([2, 2, 0, 0]);
    expect([...await candidates.scores.data()].slice(2)).toEqual([NO_SCORE, NO_SCORE]);
  });

  it("name the same example and beam for a NaN or an infinity", async () => {
    for (const poison of [NaN, Infinity, -Infinity]) {
      const values = normalRows(6, 9);
      values[4 * 9 + 8] = poison;
      const scores = tf.tensor2d(new Float32Array(6), [2, 3]);
      const { faults } = await expectSame({ logits: tf.tensor3d(values, [2, 3, 9]), scores });
      const words = await faults.data();
      expect(() => requireSoundBeams(words)).toThrow("beam 1 of example 1 hold a NaN or an infinity");
    }
  });

  it("refuse masks and forced tokens that do not fit", () => {
    const { logits, scores } = given(2, 2, 5);
    for (
      const [rules, message] of [
        [{ forbidden: new Uint32Array(3) }, "forbidden has 3 words; it needs 4"],
        [{ forced: new Int32Array(5) }, "forced has 5 tokens; it needs 4"],
        [
          { forced: Int32Array.from([-1, -1, -1, 5]) },
          "the forced token of beam 1 of example 1 is outside the vocabulary",
        ],
      ] as const
    ) {
      for (const step of [beamStep, beamStepComposed]) {
        expect(() => step(logits, scores, rules)).toThrow(new KernelError("beam_step", message));
      }
    }
  });

  it("leave nothing behind", async () => {
    const { logits, scores } = given(2, 2, 5);
    const before = tf.memory().numTensors;
    const rules = { endOfSequence: 1, forbidden: new TokenMask(4, 5).words, forced: new Int32Array(4).fill(-1) };
    for (const step of [beamStep, beamStepComposed]) {
      const { candidates, next, faults } = step(logits, scores, rules);
      await faults.data();
      expect(tf.memory().numTensors).toBe(before + 7);
      tf.dispose([candidates, next, faults]);
      expect(tf.memory().numTensors).toBe(before);
    }
  });
});
