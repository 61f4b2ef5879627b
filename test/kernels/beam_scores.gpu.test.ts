import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { beamScores, type BeamScoresShape, requireFiniteHypotheses } from "../../kernels/beam_scores/beam_scores.ts";
import { beamScoresReference } from "../../kernels/beam_scores/reference.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { KernelError, type KernelLimits } from "../../src/gpu/kernel.ts";
import { runOnArrays } from "../../src/gpu/run.ts";
import { random } from "../../src/random.ts";
import golden from "../fixtures/golden/beam_scores.json" with { type: "json" };
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose } from "./cases.ts";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testGpu();
});

const LOWEST = Math.fround(-3.402823e38);

interface Given extends BeamScoresShape {
  readonly sums: Float32Array;
  readonly lengths: Uint32Array;
}

async function run({ sums, lengths, ...shape }: Given, limits: KernelLimits = gpu.device.limits) {
  const [scores, stats] = await runOnArrays(gpu, beamScores.plan(shape, limits), { sums, lengths });
  return { scores: new Float32Array(scores!), stats: new Float32Array(stats!) };
}

/** Float32 at this magnitude: a whole penalty rounds as often as it is large, a fraction takes a power and a logarithm. */
async function expectOracle(given: Given, limits?: KernelLimits): Promise<void> {
  const { scores, stats } = await run(given, limits);
  const { examples, hypotheses, lengthPenalty, sums, lengths } = given;
  expect(() => requireFiniteHypotheses(stats)).not.toThrow();
  const relative = Number.isInteger(lengthPenalty) ? 1e-6 : 5e-6;
  for (let example = 0; example < examples; example++) {
    const [from, to] = [example * hypotheses, (example + 1) * hypotheses];
    const wanted = beamScoresReference(sums.subarray(from, to), lengths.subarray(from, to), lengthPenalty);
    expectClose(
      scores.subarray(from, to),
      wanted.scores,
      (at) => relative * Math.abs(wanted.scores[at]!) + 1e-30,
      "score",
    );
    const { best, mean, variance, count } = wanted;
    const largest = Math.max(...wanted.scores.map((score) => score === LOWEST ? 0 : Math.abs(score)));
    const close = [
      relative * Math.abs(best),
      2 * relative * Math.max(largest, Math.abs(mean)),
      8 * relative * largest ** 2,
    ];
    expectClose(
      stats.subarray(example * 4, example * 4 + 4),
      [best, mean, variance, count],
      (at) => (close[at] ?? 0) + 1e-30,
      "statistic",
    );
  }
}

function givenOf(examples: number, hypotheses: number, lengthPenalty: number): Given {
  const from = random("hypotheses", examples, hypotheses, lengthPenalty);
  const count = examples * hypotheses;
  return {
    examples,
    hypotheses,
    lengthPenalty,
    sums: Float32Array.from({ length: count }, () => -60 * from.uniform()),
    lengths: Uint32Array.from({ length: count }, () => from.below(257)),
  };
}

describe("scores of beams", () => {
  it.each([[1, 1, 1], [1000, 4, 1], [65, 3, 0], [64, 7, 2], [30, 5, 0.6], [30, 5, -1], [30, 5, -0.7], [20, 2, 8]])(
    "agree with the float64 oracle at [%i, %i], penalty %f",
    (examples, hypotheses, penalty) => expectOracle(givenOf(examples, hypotheses, penalty)),
  );

  it("agree on any sums and lengths", async () => {
    const shapes = fc.record({
      examples: fc.integer({ min: 1, max: 9 }),
      hypotheses: fc.integer({ min: 1, max: 9 }),
      lengthPenalty: fc.oneof(fc.constantFrom(0, 1, 2, -1), fc.float({ min: -3, max: 3, noNaN: true })),
      seed: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(shapes, ({ examples, hypotheses, lengthPenalty, seed }) => {
        const from = random("beam scores property", seed);
        const pick = <T>(values: readonly T[]) => values[from.below(values.length)]!;
        const length = examples * hypotheses;
        return expectOracle({
          examples,
          hypotheses,
          lengthPenalty: Math.fround(lengthPenalty),
          sums: Float32Array.from({ length }, () => pick([-100 * from.uniform(), -1, 0, -1e9, LOWEST])),
          lengths: Uint32Array.from({ length }, () => pick([0, 1, 2, from.below(1000)])),
        });
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  it("are LOWEST where there is no hypothesis, and count nothing there", async () => {
    const { scores, stats } = await run({
      examples: 3,
      hypotheses: 3,
      lengthPenalty: 1,
      sums: Float32Array.from([-2, -99, -8, -5, NaN, LOWEST, NaN, Infinity, 3]),
      lengths: Uint32Array.from([2, 0, 2, 5, 0, 4, 0, 0, 0]),
    });
    expect([...scores]).toEqual([-1, LOWEST, -4, -1, LOWEST, LOWEST, LOWEST, LOWEST, LOWEST]);
    expect([...stats]).toEqual([-1, -2.5, 4.5, 2, -1, -1, 0, 1, LOWEST, LOWEST, 0, 0]);
    expect(() => requireFiniteHypotheses(stats)).not.toThrow();
  });

  it.each([NaN, Infinity, -Infinity])("name the example and the hypothesis whose sum is %f", async (poison) => {
    const given = givenOf(4, 3, 1);
    given.lengths.fill(7);
    given.sums.fill(poison, 2 * 3 + 1, 3 * 3);
    const { scores, stats } = await run(given);
    expect(() => requireFiniteHypotheses(stats)).toThrow(
      "beam_scores: the sum of hypothesis 1 of example 2 is a NaN or an infinity",
    );
    expect(() => requireFiniteHypotheses(stats, (example) => `text ${example}`)).toThrow("hypothesis 1 of text 2");
    expect(() => requireFiniteHypotheses(stats.subarray(0, 8))).not.toThrow();
    expect(scores[7]).toBe(LOWEST);
    expect([...stats.subarray(8, 11)]).toEqual([LOWEST, LOWEST, 0]);
  });

  it.each([3, 70])("tile examples of %i hypotheses to a small binding limit without a seam", async (hypotheses) => {
    const { limits } = gpu.device;
    const alignment = limits.minStorageBufferOffsetAlignment;
    const small: KernelLimits = {
      maxStorageBufferBindingSize: alignment * hypotheses * 4,
      maxBufferSize: limits.maxBufferSize,
      minStorageBufferOffsetAlignment: alignment,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
    };
    const given = givenOf(1000, hypotheses, 1);
    expect(beamScores.plan(given, small).dispatches.length).toBeGreaterThan(3);
    await expectOracle(given, small);
  });

  it.each<[Partial<BeamScoresShape>, string]>([
    [{ examples: 0 }, "examples is 0; it must be an integer of at least 1"],
    [{ hypotheses: -2 }, "hypotheses is -2; it must be an integer of at least 1"],
    [{ hypotheses: 1.5 }, "hypotheses is 1.5; it must be an integer of at least 1"],
    [{ lengthPenalty: NaN }, "lengthPenalty is NaN; it must be a number from -8 to 8"],
    [{ lengthPenalty: 9 }, "lengthPenalty is 9; it must be a number from -8 to 8"],
  ])("refuse %j", (part, message) => {
    const shape = { examples: 2, hypotheses: 3, lengthPenalty: 1, ...part };
    expect(() => beamScores.plan(shape, gpu.device.limits)).toThrow(new KernelError("beam_scores", message));
  });
});

interface GoldenCase {
  readonly hypotheses: number;
  readonly length_penalty: number | null;
  readonly formula_holds: boolean | null;
  readonly sum_logprobs?: readonly number[];
  readonly lengths?: readonly number[];
  readonly scores?: readonly number[];
}

describe("scores of beams and the scores of Hugging Face's generation", () => {
  const cases: readonly GoldenCase[] = golden.cases;
  const comparable = cases.filter(({ formula_holds }) => formula_holds === true);

  it("are compared but for greedy search, which gives none, and forced tokens, which count 0", () => {
    expect([cases.length, comparable.length]).toEqual([50, 44]);
  });

  it("agree to 1e-6", async () => {
    for (const { hypotheses, length_penalty, sum_logprobs, lengths, scores } of comparable) {
      const found = await run({
        examples: sum_logprobs!.length / hypotheses,
        hypotheses,
        lengthPenalty: length_penalty ?? 1,
        sums: Float32Array.from(sum_logprobs!),
        lengths: Uint32Array.from(lengths!),
      });
      expectClose(found.scores, scores!, 1e-6, "score");
    }
  });
});
