import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import {
  beamStep,
  type BeamStepShape,
  maskWords,
  NO_SCORE,
  readBeamEntries,
  requireSoundBeams,
  TokenMask,
  unpackBeamEntries,
} from "../../kernels/beam_step/beam_step.ts";
import { beamStepReference, type Continuation, NO_CONTINUATION } from "../../kernels/beam_step/reference.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { KernelError, type KernelLimits } from "../../src/gpu/kernel.ts";
import { runOnArrays } from "../../src/gpu/run.ts";
import { random } from "../../src/random.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { normalRows, rowsOf } from "./cases.ts";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testGpu();
});

/** A step with its inputs. */
interface Step {
  readonly shape: BeamStepShape;
  readonly logits: Float32Array;
  readonly scores: Float32Array;
  readonly forbidden?: TokenMask;
  readonly forced?: Int32Array;
}

interface Outcome {
  readonly candidates: Continuation[][];
  readonly next: Continuation[][];
  readonly faults: Uint32Array;
  readonly bytes: readonly ArrayBuffer[];
}

async function run(step: Step, limits: KernelLimits = gpu.device.limits): Promise<Outcome> {
  const { logits, scores, forbidden, forced } = step;
  const plan = beamStep.plan({ ...step.shape, forbidden: !!forbidden, forced: !!forced }, limits);
  const bytes = await runOnArrays(gpu, plan, {
    logits,
    scores,
    ...(forbidden && { forbidden: forbidden.words }),
    ...(forced && { forced }),
  });
  return {
    candidates: entriesOf(bytes[0]!, 2 * step.shape.beams),
    next: entriesOf(bytes[1]!, step.shape.beams),
    faults: new Uint32Array(bytes[2]!),
    bytes,
  };
}

function entriesOf(bytes: ArrayBuffer, perExample: number): Continuation[][] {
  const { scores, beams, tokens } = readBeamEntries(bytes, perExample);
  const all = Array.from(scores, (score, index) => ({ score, beam: beams[index]!, token: tokens[index]! }));
  return Array.from({ length: all.length / perExample }, (_, e) => all.slice(e * perExample, (e + 1) * perExample));
}

/** The oracle on one example of a step. */
function referenceOf(step: Step, example: number) {
  const { shape: { beams, vocabulary, endOfSequence }, logits, scores, forbidden, forced } = step;
  const rows = rowsOf(logits.subarray(example * beams * vocabulary, (example + 1) * beams * vocabulary), vocabulary);
  return beamStepReference(rows, Array.from(scores.subarray(example * beams, (example + 1) * beams)), {
    ...(endOfSequence !== undefined && { endOfSequence }),
    isForbidden: (beam, token) => forbidden?.has(example * beams + beam, token) ?? false,
    forced: (beam) => forced?.[example * beams + beam],
  });
}

/** Float32 at this magnitude, 2e-6 to 64 columns and 1e-5 above; scaled by scores and logits that are large. */
function toleranceOf(step: Step, score: number): number {
  const largest = step.logits.reduce((most, x) => Math.abs(x) < 1e6 ? Math.max(most, Math.abs(x)) : most, 1);
  return (step.shape.vocabulary <= 64 ? 2e-6 : 1e-5) * Math.max(1, Math.abs(score), largest);
}

/**
 * Scores agree within the tolerance, rank by rank. An entry's token may differ from the oracle's where its own true score is
 * that of the rank, to the tolerance: where the gap is larger, that is the oracle's token.
 */
async function expectOracle(step: Step, limits?: KernelLimits): Promise<void> {
  const outcome = await run(step, limits);
  expect(() => requireSoundBeams(outcome.faults)).not.toThrow();
  const { examples, beams, endOfSequence } = step.shape;
  for (let example = 0; example < examples; example++) {
    const wanted = referenceOf(step, example);
    const truth = new Map(wanted.all.map((each) => [`${each.beam} ${each.token}`, each.score]));
    const found = outcome.candidates[example]!;
    const seen = new Set<string>();
    found.forEach((entry, rank) => {
      const expected = wanted.candidates[rank]!;
      const what = `candidate ${rank} of example ${example}: ${JSON.stringify(entry)}, wanted ${
        JSON.stringify(expected)
      }`;
      if (expected.score === NO_SCORE) return expect(entry, what).toEqual(NO_CONTINUATION);
      const key = `${entry.beam} ${entry.token}`;
      const tolerance = toleranceOf(step, expected.score);
      expect(Math.abs(entry.score - expected.score), what).toBeLessThanOrEqual(tolerance);
      expect(Math.abs((truth.get(key) ?? NaN) - expected.score), what).toBeLessThanOrEqual(2 * tolerance);
      expect(seen.has(key), what).toBe(false);
      seen.add(key);
      if (rank > 0) expect(entry.score, what).toBeLessThanOrEqual(found[rank - 1]!.score);
    });
    const goOn = found.filter(({ score, token }) => score === NO_SCORE || token !== endOfSequence);
    expect(outcome.next[example]).toEqual(goOn.slice(0, beams));
  }
}

function stepOf(examples: number, beams: number, vocabulary: number, more: Partial<BeamStepShape> = {}): Step {
  const from = random("beam scores", examples, beams, vocabulary);
  return {
    shape: { examples, beams, vocabulary, ...more },
    logits: normalRows(examples * beams, vocabulary),
    scores: Float32Array.from({ length: examples * beams }, () => -3 * from.uniform()),
  };
}

describe("a beam step", () => {
  it.each([
    [1, 1, 2],
    [1, 2, 2],
    [70, 1, 3],
    [2, 3, 3],
    [5, 3, 33],
    [2, 8, 257],
    [2, 3, 1024],
    [2, 3, 1025],
    [3, 2, 4099],
    [1, 5, 9003],
    [1, 32, 40],
    [1, 17, 1027],
    [1, 32, 1100],
    [1, 3, 50265],
  ])("agrees with the float64 oracle at [%i, %i, %i]", async (examples, beams, vocabulary) => {
    await expectOracle(stepOf(examples, beams, vocabulary, { endOfSequence: vocabulary - 1 }));
    if (vocabulary < 100) await expectOracle(stepOf(examples, beams, vocabulary));
  });

  it("agrees on any shape, mask and forced token, and on values that a model may give", async () => {
    const shapes = fc.record({
      examples: fc.integer({ min: 1, max: 3 }),
      beams: fc.integer({ min: 1, max: 4 }),
      more: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 50 }) }, fc.integer({ min: 1030, max: 1050 })),
      seed: fc.nat(),
      density: fc.constantFrom(0, 0.3, 0.97, 1),
      forcing: fc.constantFrom(0, 0.4),
      extremes: fc.constantFrom(0, 0.2, 1),
      ends: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(shapes, async ({ examples, beams, more, seed, density, forcing, extremes, ends }) => {
        const vocabulary = Math.max(2, beams + more);
        const from = random("beam property", seed);
        const pick = <T>(values: readonly T[]) => values[from.below(values.length)]!;
        const rows = examples * beams;
        const forbidden = density > 0 ? new TokenMask(rows, vocabulary) : undefined;
        for (let at = 0; forbidden && at < rows * vocabulary; at++) {
          if (from.uniform() < density) forbidden.forbid(Math.floor(at / vocabulary), at % vocabulary);
        }
        await expectOracle({
          shape: { examples, beams, vocabulary, ...(ends && { endOfSequence: from.below(vocabulary) }) },
          logits: Float32Array.from(
            { length: rows * vocabulary },
            () =>
              from.uniform() < extremes ? pick([0, 80, -80, -1e9, -3.4e38, -3.4028234663852886e38]) : from.normal() * 4,
          ),
          scores: Float32Array.from({ length: rows }, () => pick([0, -from.uniform() * 9, -1e9, NO_SCORE])),
          ...(forbidden && { forbidden }),
          ...(forcing > 0 && {
            forced: Int32Array.from({ length: rows }, () => from.uniform() < forcing ? from.below(vocabulary) : -1),
          }),
        });
      }),
      { numRuns: 50, seed: 11 },
    );
  });

  it.each([7, 1500])("takes the lower token, then the lower beam, of equals among %i tokens", async (vocabulary) => {
    const [beams, examples] = [3, 2];
    const shape = { examples, beams, vocabulary };
    const equal = { shape, logits: new Float32Array(6 * vocabulary).fill(2), scores: new Float32Array(6).fill(-1) };
    const places = ({ beam, token }: Continuation) => [beam, token];
    for (const found of (await run(equal)).candidates) {
      expect(found.map(places)).toEqual([[0, 0], [0, 1], [0, 2], [0, 3], [0, 4], [0, 5]]);
    }
    const zeros = { ...equal, logits: equal.logits.map((_, index) => index % vocabulary ? 0 : -0) };
    expect((await run(zeros)).candidates[0]!.map(places).slice(0, 2)).toEqual([[0, 0], [0, 1]]);
    const peaks = new Float32Array(6 * vocabulary);
    for (let row = 0; row < 6; row++) {
      for (const token of [vocabulary - 1, vocabulary - 2, 1]) peaks[row * vocabulary + token] = 5;
    }
    for (const found of (await run({ ...equal, logits: peaks })).candidates) {
      expect(found.map(places)).toEqual(
        [0, 1].flatMap((beam) => [1, vocabulary - 2, vocabulary - 1].map((token) => [beam, token])),
      );
    }
  });

  it("takes the lower token of equals where the last columns are folded beside the first", async () => {
    const shape = { examples: 1, beams: 3, vocabulary: 8193 };
    const logits = new Float32Array(3 * 8193);
    const { candidates } = await run({ shape, logits, scores: Float32Array.from([-50, 0, -50]) });
    expect(candidates[0]!.map(({ beam, token }) => [beam, token])).toEqual(
      [0, 1, 2, 3, 4, 5].map((token) => [1, token]),
    );
  });

  it("keeps to the order of the logits where the beams' scores are so low that all sums are equal", async () => {
    const logits = Float32Array.from([0, 1, 3, 2, 5, 4, 6, 7]);
    const { candidates } = await run({
      shape: { examples: 1, beams: 2, vocabulary: 4 },
      logits,
      scores: new Float32Array([-1e9, -1e9]),
    });
    expect(candidates[0]!.map(({ beam, token }) => [beam, token])).toEqual([[0, 2], [0, 3], [0, 1], [0, 0]]);
  });

  it.each([6, 1030])("forbids without renormalising, among %i tokens", async (vocabulary) => {
    const step = stepOf(1, 1, vocabulary);
    const free = (await run(step)).candidates[0]!;
    const forbidden = new TokenMask(1, vocabulary);
    forbidden.forbid(0, free[0]!.token);
    const rest = (await run({ ...step, forbidden })).candidates[0]!;
    expect(rest[0]).toEqual(free[1]);
    expect(rest[1]!.token).not.toBe(free[0]!.token);
  });

  it.each([6, 1030])(
    "gives a forced token probability 1, although it is forbidden, among %i tokens",
    async (vocabulary) => {
      const step = stepOf(1, 2, vocabulary);
      const forbidden = new TokenMask(2, vocabulary);
      for (let token = 0; token < vocabulary; token++) forbidden.forbid(1, token);
      const { candidates, next } = await run({
        ...step,
        scores: Float32Array.from([-50, -0.625]),
        forbidden,
        forced: Int32Array.from([-1, vocabulary - 2]),
      });
      expect(candidates[0]![0]).toEqual({ score: -0.625, beam: 1, token: vocabulary - 2 });
      expect(candidates[0]!.slice(1).map(({ beam }) => beam)).toEqual([0, 0, 0]);
      expect(next[0]).toEqual(candidates[0]!.slice(0, 2));
    },
  );

  it.each([5, 1030])("fills up where little may follow, among %i tokens", async (vocabulary) => {
    const step = stepOf(2, 2, vocabulary, { endOfSequence: 3 });
    const forbidden = new TokenMask(4, vocabulary);
    for (let row = 0; row < 4; row++) {
      for (let token = 0; token < vocabulary; token++) {
        if (row >= 2 || token !== 3) forbidden.forbid(row, token);
      }
    }
    const { candidates, next } = await run({ ...step, forbidden });
    expect(candidates[0]!.map(({ token }) => token)).toEqual([3, 3, 0, 0]);
    expect(candidates[0]!.slice(2)).toEqual([NO_CONTINUATION, NO_CONTINUATION]);
    expect(candidates[1]).toEqual(Array(4).fill(NO_CONTINUATION));
    expect(next).toEqual([Array(2).fill(NO_CONTINUATION), Array(2).fill(NO_CONTINUATION)]);
  });

  it.each([40, 1200])("takes a row that is masked throughout for a uniform one of %i tokens", async (vocabulary) => {
    const forbidden = new TokenMask(1, vocabulary);
    for (let token = 0; token < vocabulary - 9; token++) forbidden.forbid(0, token);
    for (const mask of [-1e9, -3.4e38, -3.4028234663852886e38]) {
      const step = {
        shape: { examples: 1, beams: 1, vocabulary },
        logits: new Float32Array(vocabulary).fill(mask),
        scores: Float32Array.from([0]),
      };
      for (const [given, first] of [[step, 0], [{ ...step, forbidden }, vocabulary - 9]] as const) {
        const { candidates } = await run(given);
        expect(candidates[0]!.map(({ token }) => token)).toEqual([first, first + 1]);
        for (const { score } of candidates[0]!) expect(Math.abs(score + Math.log(vocabulary))).toBeLessThan(1e-5);
      }
    }
  });

  it("goes on from the first beam alone at a first step, and never from a dead one", async () => {
    const step = stepOf(1, 3, 9);
    for (const absent of [-1e9, NO_SCORE]) {
      const { next } = await run({ ...step, scores: Float32Array.from([0, absent, absent]) });
      expect(next[0]!.map(({ beam }) => beam)).toEqual([0, 0, 0]);
    }
    const dead = await run({ ...step, scores: new Float32Array(3).fill(NO_SCORE) });
    expect(dead.candidates[0]).toEqual(Array(6).fill(NO_CONTINUATION));
  });

  it.each([NaN, Infinity, -Infinity])("names the example and the beam that hold %f", async (poison) => {
    for (const vocabulary of [7, 1031]) {
      for (const token of [0, 2, 5, vocabulary - 1]) {
        const step = stepOf(3, 2, vocabulary);
        step.logits[3 * vocabulary + token] = poison;
        const { faults, candidates, next } = await run(step);
        const problem = "beam_step: the logits or the score of beam 1 of example 1 hold a NaN or an infinity";
        expect(() => requireSoundBeams(faults)).toThrow(problem);
        expect(() => requireSoundBeams(faults, (example) => `text ${example}`)).toThrow("beam 1 of text 1 hold");
        expect(candidates[1]).toEqual(Array(4).fill(NO_CONTINUATION));
        expect(next[1]).toEqual(Array(2).fill(NO_CONTINUATION));
        expect(candidates[2]![0]!.score).toBeGreaterThan(-30);
      }
    }
    const step = stepOf(2, 2, 7);
    step.scores[2] = poison;
    expect(() => requireSoundBeams(new Uint32Array(0))).not.toThrow();
    const { faults } = await run(step);
    expect(() => requireSoundBeams(faults)).toThrow("the score of beam 0 of example 1 hold a NaN");
  });

  it("names the beam whose forced token is outside the vocabulary", async () => {
    const { faults } = await run({ ...stepOf(1, 3, 7), forced: Int32Array.from([-1, 6, 7]) });
    expect(() => requireSoundBeams(faults)).toThrow(
      "beam_step: the forced token of beam 2 of example 0 is outside the vocabulary",
    );
  });

  it.each([[31, 3, 35], [9, 3, 1031]])(
    "tiles [%i, %i, %i] to a small binding limit without a seam",
    async (examples, beams, vocabulary) => {
      const alignment = gpu.device.limits.minStorageBufferOffsetAlignment;
      const step = {
        ...stepOf(examples, beams, vocabulary, { endOfSequence: 2 }),
        forbidden: new TokenMask(examples * beams, vocabulary),
        forced: new Int32Array(examples * beams).fill(-1).fill(4, 8, 10),
      };
      for (let row = 0; row < examples * beams; row++) step.forbidden.forbid(row, (row * 7) % vocabulary);
      const limits = { ...limitsOf(gpu), maxStorageBufferBindingSize: beams * vocabulary * 4 * 2 + alignment };
      const plan = beamStep.plan(step.shape, limits);
      expect(plan.dispatches.length).toBeGreaterThan(4);
      expect(plan.dispatches.some(({ bindings }) => bindings[0]!.offset! > 0)).toBe(true);
      const [whole, tiled] = [await run(step), await run(step, limits)];
      expect(tiled.bytes.map((each) => new Uint32Array(each))).toEqual(
        whole.bytes.map((each) => new Uint32Array(each)),
      );
      await expectOracle(step, limits);
    },
  );

  it.each<[Partial<BeamStepShape>, string]>([
    [{ examples: 0 }, "examples is 0; it must be an integer of at least 1"],
    [{ beams: -1 }, "beams is -1; it must be an integer of at least 1"],
    [{ beams: 1.5 }, "beams is 1.5; it must be an integer of at least 1"],
    [{ vocabulary: 1 }, "vocabulary is 1; it must be an integer of at least 2"],
    [{ beams: 33 }, "beams is 33; it must be at most 32"],
    [{ beams: 4, vocabulary: 3 }, "beams is 4; it must be at most the vocabulary, 3"],
    [{ endOfSequence: -1 }, "endOfSequence is -1; it must be an integer of at least 0"],
    [{ endOfSequence: 50 }, "endOfSequence is 50; the vocabulary has 50 tokens"],
  ])("refuses %j", (part, message) => {
    const shape = { examples: 2, beams: 3, vocabulary: 50, ...part };
    expect(() => beamStep.plan(shape, gpu.device.limits)).toThrow(new KernelError("beam_step", message));
  });

  it("refuses an example that no binding holds", () => {
    const limits = { ...limitsOf(gpu), maxStorageBufferBindingSize: 2000 };
    expect(() => beamStep.plan({ examples: 2, beams: 3, vocabulary: 200 }, limits)).toThrow(
      "beam_step: an example takes 2400 bytes; this device binds at most 2000 at once",
    );
  });
});

describe("entries of a beam step", () => {
  it("come apart into arrays on the GPU as they do on the host", async () => {
    const step = stepOf(50, 2, 9);
    const { bytes: [candidates] } = await run(step);
    const plan = unpackBeamEntries.plan({ entries: 200 }, gpu.device.limits);
    const [scores, beams, tokens] = await runOnArrays(gpu, plan, { entries: new Uint32Array(candidates!) });
    const wanted = readBeamEntries(candidates!, 4);
    expect(new Float32Array(scores!)).toEqual(wanted.scores);
    expect(new Uint32Array(beams!)).toEqual(wanted.beams);
    expect(new Uint32Array(tokens!)).toEqual(wanted.tokens);
  });

  it("are refused where there are none", () => {
    expect(() => unpackBeamEntries.plan({ entries: 0 }, gpu.device.limits)).toThrow(
      new KernelError("beam_step_unpack", "entries is 0; it must be an integer of at least 1"),
    );
  });
});

describe("a token mask", () => {
  it("has a bit a token, and no row touches the next", () => {
    const mask = new TokenMask(2, 33);
    expect(maskWords(33)).toBe(2);
    mask.forbid(0, 31);
    mask.forbid(1, 32);
    expect([...mask.words]).toEqual([0x80000000, 0, 0, 1]);
    expect([mask.has(0, 31), mask.has(0, 32), mask.has(1, 32), mask.has(1, 31)]).toEqual([true, false, true, false]);
  });
});

function limitsOf({ device: { limits } }: Gpu): KernelLimits {
  return {
    maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
    maxBufferSize: limits.maxBufferSize,
    minStorageBufferOffsetAlignment: limits.minStorageBufferOffsetAlignment,
    maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
  };
}
