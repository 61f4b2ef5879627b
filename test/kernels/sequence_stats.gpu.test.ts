import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { rowStats } from "../../kernels/row_stats/row_stats.ts";
import { type OverTokens, type SequenceStats, sequenceStatsReference } from "../../kernels/sequence_stats/reference.ts";
import {
  requireFiniteTokens,
  requireLengths,
  SEQUENCE_STATS_COLUMNS,
  sequenceStats,
  type SequenceStatsShape,
} from "../../kernels/sequence_stats/sequence_stats.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { KernelError, type KernelLimits } from "../../src/gpu/kernel.ts";
import { runOnArrays } from "../../src/gpu/run.ts";
import { random } from "../../src/random.ts";
import golden from "../fixtures/golden/uncertainty.json" with { type: "json" };
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows, rowsOf } from "./cases.ts";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testGpu();
});

type Sizes = Omit<SequenceStatsShape, "real">;
type Real = { readonly lengths: Uint32Array } | { readonly mask: Uint32Array };

interface Result {
  readonly stats: Float32Array;
  readonly tokens: Int32Array;
}

async function statsOf(logits: Float32Array, sizes: Sizes, real: Real, limits?: KernelLimits): Promise<Result> {
  const shape: SequenceStatsShape = { ...sizes, real: "lengths" in real ? "lengths" : "mask" };
  const plan = sequenceStats.plan(shape, limits ?? gpu.device.limits);
  const [stats, tokens] = await runOnArrays(gpu, plan, { logits, ...real });
  return { stats: new Float32Array(stats!), tokens: new Int32Array(tokens!) };
}

const flatOver = ({ sum, mean, min, max }: OverTokens) => [sum, mean, min, max];
const flat = (of: SequenceStats) => [of.maxLogProbability, of.entropy, of.margin].flatMap(flatOver);

function isReal(real: Real, length: number, sequence: number, token: number): boolean {
  return "lengths" in real ? token < real.lengths[sequence]! : real.mask[sequence * length + token] !== 0;
}

function reference(logits: Float32Array, { sequences, length, classes }: Sizes, real: Real): SequenceStats[] {
  const rows = rowsOf(logits, classes);
  return Array.from({ length: sequences }, (_, sequence) =>
    sequenceStatsReference(
      rows.slice(sequence * length, (sequence + 1) * length),
      (token) => isReal(real, length, sequence, token),
    ));
}

/**
 * Absolute to float64: 2e-6 to 64 classes, 1e-5 above, times the greatest |log-sum-exp| of the sequence's tokens where that is
 * large; a sum's is that of each of its summands.
 */
function tolerances(logits: Float32Array, sizes: Sizes, real: Real, counts: readonly number[]) {
  const { length, classes } = sizes;
  const rows = rowsOf(logits, classes);
  const sizeOf = (row: readonly number[]) => {
    const max = Math.max(...row);
    return Math.abs(max + Math.log(row.reduce((sum, x) => sum + Math.exp(x - max), 0)));
  };
  const greatest = counts.map((_, sequence) =>
    rows.slice(sequence * length, (sequence + 1) * length)
      .filter((_, token) => isReal(real, length, sequence, token))
      .reduce((most, row) => Math.max(most, Math.min(1e3, sizeOf(row))), 1)
  );
  return (index: number) => {
    const sequence = Math.floor(index / 12);
    const summands = index % 4 === 0 ? Math.max(1, counts[sequence]!) : 1;
    return (classes <= 64 ? 2e-6 : 1e-5) * greatest[sequence]! * summands;
  };
}

async function expectOracle(logits: Float32Array, sizes: Sizes, real: Real, limits?: KernelLimits): Promise<Result> {
  const result = await statsOf(logits, sizes, real, limits);
  const wanted = reference(logits, sizes, real);
  const counts = wanted.map(({ tokens }) => tokens);
  expect([...result.tokens]).toEqual(counts);
  requireFiniteTokens(result.tokens, sizes.length);
  expectClose(result.stats, wanted.flatMap(flat), tolerances(logits, sizes, real, counts), "statistic");
  return result;
}

const logitsOf = ({ sequences, length, classes }: Sizes, scale = 3) => normalRows(sequences * length, classes, scale);

/** Lengths from 0 to the longest, both among them where there are enough sequences. */
function someLengths({ sequences, length }: Sizes): { lengths: Uint32Array } {
  const from = random("lengths", sequences, length);
  const fixed = [length, 0];
  return { lengths: Uint32Array.from({ length: sequences }, (_, index) => fixed[index] ?? from.below(length + 1)) };
}

/** Scattered; the second sequence has no real token. */
function someMask({ sequences, length }: Sizes): { mask: Uint32Array } {
  const from = random("mask", sequences, length);
  return {
    mask: Uint32Array.from(
      { length: sequences * length },
      (_, index) => Math.floor(index / length) === 1 ? 0 : from.below(3) * 7,
    ),
  };
}

/** The same logits with NaN wherever a token is not real. */
function poisonedPadding(logits: Float32Array, { length, classes }: Sizes, real: Real): Float32Array {
  return logits.map((x, index) => {
    const token = Math.floor(index / classes);
    return isReal(real, length, Math.floor(token / length), token % length) ? x : NaN;
  });
}

const sizesOf = (sequences: number, length: number, classes: number): Sizes => ({ sequences, length, classes });

describe("sequence statistics", () => {
  it.each([
    [1, 1, 1],
    [1, 1, 2],
    [7, 3, 1],
    [200, 5, 6],
    [3, 100, 9],
    [65, 33, 13],
    [2, 40, 63],
    [3, 7, 64],
    [3, 5, 65],
    [2, 3, 1000],
    [1, 1, 4097],
    [1, 2, 30523],
  ])("agree with the float64 oracle at [%i, %i, %i], by lengths and by mask", async (...size) => {
    const sizes = sizesOf(...size);
    const logits = logitsOf(sizes);
    for (const real of [someLengths(sizes), someMask(sizes)]) {
      await expectOracle(poisonedPadding(logits, sizes, real), sizes, real);
    }
  });

  it.each([[4, 9, 9], [3, 2, 300]])("agree at wide and at tiny spreads of [%i, %i, %i]", async (...size) => {
    const sizes = sizesOf(...size);
    for (const scale of [25, 1e-3]) await expectOracle(logitsOf(sizes, scale), sizes, someLengths(sizes));
  });

  it("agree on any shape, any mask and on values that a model may give", async () => {
    const logit = fc.oneof(
      fc.float({ min: -20, max: 20, noNaN: true }),
      fc.constantFrom(0, 80, -80, -1e9, Math.fround(-3.4e38), Math.fround(-3.4028235e38)),
    );
    const cases = fc.tuple(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 6 }),
      fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 60, max: 90 })),
    ).chain(([sequences, length, classes]) => {
      const tokens = sequences * length;
      return fc.record({
        sizes: fc.constant({ sequences, length, classes }),
        values: fc.array(logit, { minLength: tokens * classes, maxLength: tokens * classes }),
        mask: fc.array(fc.constantFrom(0, 1, 0xffffffff), { minLength: tokens, maxLength: tokens }),
        lengths: fc.array(fc.integer({ min: 0, max: length }), { minLength: sequences, maxLength: sequences }),
      });
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ sizes, values, mask, lengths }) => {
        const logits = Float32Array.from(values);
        await expectOracle(logits, sizes, { mask: Uint32Array.from(mask) });
        await expectOracle(logits, sizes, { lengths: Uint32Array.from(lengths) });
      }),
      { numRuns: 30, seed: 7 },
    );
  });

  it.each([[30, 20, 9], [4, 5, 70]])(
    "are the row statistics of the tokens at [%i, %i, %i], reduced over each sequence",
    async (...size) => {
      const sizes = sizesOf(...size);
      const { sequences, length, classes } = sizes;
      const logits = logitsOf(sizes);
      const real = someMask(sizes);
      const plan = rowStats.plan({ rows: sequences * length, columns: classes }, gpu.device.limits);
      const rows = rowsOf(new Float32Array((await runOnArrays(gpu, plan, { logits }))[0]!), 4);
      const wanted = Array.from({ length: sequences }, (_, sequence) => {
        const own = rows.slice(sequence * length, (sequence + 1) * length)
          .filter((_, token) => isReal(real, length, sequence, token));
        const over = (column: number) => {
          const values = own.map((row) => row[column]!);
          const sum = values.reduce((total, value) => total + value, 0);
          return values.length === 0
            ? [0, 0, 0, 0]
            : [sum, sum / values.length, Math.min(...values), Math.max(...values)];
        };
        return [...over(3), ...over(2), ...over(1)];
      });
      const { stats } = await statsOf(logits, sizes, real);
      expectClose(stats, wanted.flat(), (index) => (index % 4 === 0 ? 2e-6 * length : 2e-6), "statistic");
    },
  );

  it("are all 0 where no token is real, whatever the logits", async () => {
    for (const classes of [5, 100]) {
      const sizes = sizesOf(2, 3, classes);
      const logits = new Float32Array(6 * classes).fill(NaN);
      for (const real of [{ lengths: new Uint32Array(2) }, { mask: new Uint32Array(6) }]) {
        const { stats, tokens } = await statsOf(logits, sizes, real);
        expect([...stats]).toEqual(new Array(24).fill(0));
        expect([...tokens]).toEqual([0, 0]);
      }
    }
  });

  it("give entropy log C and no margin for equal logits, whatever they are", async () => {
    for (
      const [classes, value] of [[5, 0], [4, 80], [200, -3.4e38], [7, Math.fround(-3.4028235e38)], [
        200,
        Math.fround(-3.4028235e38),
      ], [9, -1e9]] as const
    ) {
      const { stats } = await statsOf(new Float32Array(2 * classes).fill(value), sizesOf(1, 2, classes), {
        lengths: Uint32Array.of(2),
      });
      const log = Math.log(classes);
      expectClose(stats, [-2 * log, -log, -log, -log, 2 * log, log, log, log, 0, 0, 0, 0], 4e-6);
    }
  });

  it("are sure of a single class, even a masked one", async () => {
    const { stats } = await statsOf(Float32Array.of(3, -3.4028235e38, -80), sizesOf(1, 3, 1), {
      lengths: Uint32Array.of(3),
    });
    expectClose(stats, [0, 0, 0, 0, 0, 0, 0, 0, 3, 1, 1, 1], 1e-7);
  });

  it("never prefer a masked column", async () => {
    for (const mask of [-1e9, -3.4e38]) {
      const logits = Float32Array.from([1, mask, 2, mask, 0.5, mask, mask, mask, -7, mask]);
      const { stats } = await statsOf(logits, sizesOf(1, 2, 5), { lengths: Uint32Array.of(2) });
      expectClose(stats, flat(sequenceStatsReference([[1, 2, 0.5], [-7]], () => true)), 4e-6);
    }
  });

  it("tell nearly sure tokens apart, where 1 - p would round to nothing", async () => {
    for (const filler of [0, 100]) {
      const sure = (lead: number) => [0, lead, ...new Array<number>(filler).fill(-3.4e38)];
      const logits = Float32Array.from([...sure(20), ...sure(22)]);
      const { stats } = await statsOf(logits, sizesOf(2, 1, 2 + filler), { lengths: Uint32Array.of(1, 1) });
      expect(stats[0]! / -Math.exp(-20)).toBeCloseTo(1, 4);
      expect(stats[12]! / -Math.exp(-22)).toBeCloseTo(1, 4);
    }
  });

  it.each([NaN, Infinity, -Infinity])("name the sequence and the first token that hold %f", async (poison) => {
    for (const [length, classes] of [[4, 6], [60, 6], [4, 100]] as const) {
      const sizes = sizesOf(3, length, classes);
      const logits = logitsOf(sizes);
      for (const token of [length - 1, length - 2]) logits[(length + token) * classes + 5] = poison;
      // The last one is found in the second sequence alone: elsewhere it is padding.
      logits[(2 * length + 1) * classes] = poison;
      const real = { lengths: Uint32Array.of(length, length, 1) };
      const { stats, tokens } = await statsOf(logits, sizes, real);
      expect([...tokens]).toEqual([length, -1 - (length - 2), 1]);
      expect([...stats.subarray(12, 24)]).toEqual(new Array(12).fill(Math.fround(-3.402823e38)));
      expect(() => requireFiniteTokens(tokens, length)).toThrow(
        `sequence_stats: the logits of token ${length - 2} of sequence 1 hold a NaN or an infinity`,
      );
      expect(() => requireFiniteTokens(tokens, length, (sequence) => `example 'e${sequence}'`)).toThrow(
        /of example 'e1' hold/,
      );
      expect(() => requireFiniteTokens(tokens.slice(0, 1), length)).not.toThrow();
      const others = await statsOf(logits.map((x) => (Number.isFinite(x) ? x : 0)), sizes, real);
      expect(stats.subarray(0, 12)).toEqual(others.stats.subarray(0, 12));
      expect(stats.subarray(24)).toEqual(others.stats.subarray(24));
    }
  });

  it("mark a length above the tensor's, and read nothing beyond it", async () => {
    for (const [length, classes] of [[3, 4], [40, 4], [3, 80]] as const) {
      const sizes = sizesOf(3, length, classes);
      const { stats, tokens } = await statsOf(logitsOf(sizes), sizes, {
        lengths: Uint32Array.of(length, length + 1, 0xffffffff),
      });
      expect([...tokens]).toEqual([length, -1 - length, -1 - length]);
      expect(stats[13]).toBeLessThan(-1e38);
      expect(() => requireFiniteTokens(tokens, length)).toThrow(
        new KernelError("sequence_stats", `the length of sequence 1 is above ${length}, the length of the logits`),
      );
    }
  });

  it("give the same bytes each time", async () => {
    for (const sizes of [sizesOf(50, 70, 9), sizesOf(3, 4, 5000)]) {
      const logits = logitsOf(sizes);
      const once = await statsOf(logits, sizes, someLengths(sizes));
      expect(await statsOf(logits, sizes, someLengths(sizes))).toEqual(once);
    }
  });
});

describe("the plan of sequence statistics", () => {
  it.each([[300, 7, 9], [5, 40, 11], [70, 3, 70], [2, 60, 66]])(
    "tiles [%i, %i, %i] to a small binding limit without a seam",
    async (...size) => {
      const sizes = sizesOf(...size);
      const { minStorageBufferOffsetAlignment } = gpu.device.limits;
      const { length, classes } = sizes;
      const widest = classes <= 64 ? length * classes * 4 : Math.max(length * 20, 2 * classes * 4);
      const limits = { ...limitsOf(gpu), maxStorageBufferBindingSize: minStorageBufferOffsetAlignment + 2 * widest };
      const logits = logitsOf(sizes);
      for (const real of [someLengths(sizes), someMask(sizes)]) {
        const shape: SequenceStatsShape = { ...sizes, real: "lengths" in real ? "lengths" : "mask" };
        const { dispatches } = sequenceStats.plan(shape, limits);
        expect(dispatches.length).toBeGreaterThan(sizes.sequences > 2 ? 4 : 3);
        for (const { bindings } of dispatches) {
          for (const { size = 0 } of bindings) expect(size).toBeLessThanOrEqual(limits.maxStorageBufferBindingSize);
        }
        const { stats } = await expectOracle(logits, sizes, real, limits);
        expectClose(stats, (await statsOf(logits, sizes, real)).stats, (index) => (index % 4 === 0 ? 1e-4 : 2e-6));
      }
    },
  );

  it("cuts few or long sequences into chunks, and the rows of few tokens into parts", () => {
    const groups = (...size: [number, number, number]) =>
      sequenceStats.plan({ ...sizesOf(...size), real: "mask" }, gpu.device.limits).dispatches[0]!.groups[0];
    expect(groups(40_000, 64, 9)).toBe(625);
    expect(groups(64, 64, 9)).toBe(4);
    expect(groups(640, 1024, 9)).toBeGreaterThan(20);
    expect(groups(32_000, 1024, 1)).toBe(1000);
    expect(groups(1, 2, 30_522)).toBeGreaterThan(10);
    expect(groups(640, 64, 100)).toBe(640);
  });

  it("writes nothing of the size of the logits", () => {
    for (const sizes of [sizesOf(20_000, 32, 9), sizesOf(2000, 128, 13), sizesOf(64, 128, 30_522)]) {
      const { inputs, outputs, scratch } = sequenceStats.plan({ ...sizes, real: "lengths" }, gpu.device.limits);
      const written = [...outputs, ...scratch].reduce((sum, { bytes }) => sum + bytes, 0);
      expect(written).toBeLessThan(inputs[0]!.bytes / 8);
    }
  });

  it.each([
    [{ sequences: 0, length: 2, classes: 3, real: "mask" }, "sequences is 0; it must be an integer of at least 1"],
    [{ sequences: 1, length: -2, classes: 3, real: "mask" }, "length is -2; it must be an integer of at least 1"],
    [{ sequences: 1, length: 2, classes: 2.5, real: "lengths" }, "classes is 2.5; it must be an integer of at least 1"],
    [{ sequences: 1, length: 2, classes: 3, real: "masks" }, 'real is "masks"; it must be "lengths" or "mask"'],
  ])("refuses %j", (shape, message) => {
    expect(() => sequenceStats.plan(shape as SequenceStatsShape, gpu.device.limits)).toThrow(
      new KernelError("sequence_stats", message),
    );
  });

  it("refuses a sequence, or a token, that no binding holds", () => {
    const limits = { ...limitsOf(gpu), maxStorageBufferBindingSize: 65_536, minStorageBufferOffsetAlignment: 256 };
    const plan = (...size: [number, number, number]) =>
      sequenceStats.plan({ ...sizesOf(...size), real: "mask" }, limits);
    expect(() => plan(2, 300, 60)).toThrow(
      new KernelError("sequence_stats", "a sequence takes 72000 bytes; this device binds at most 65280 at once"),
    );
    expect(() => plan(2, 3, 30_000)).toThrow(
      new KernelError("sequence_stats", "a token takes 120000 bytes; this device binds at most 65280 at once"),
    );
  });
});

describe("the check of lengths", () => {
  const sizes = { sequences: 3, length: 8 };

  it("passes what the tensor holds", () => {
    expect(() => requireLengths([0, 8, 3], sizes)).not.toThrow();
    expect(() => requireLengths(Uint32Array.of(0, 8, 3), sizes)).not.toThrow();
  });

  it.each([
    [[0, 9, 3], "the length of sequence 1 is 9; it must be an integer from 0 to 8"],
    [[0, 8, -1], "the length of sequence 2 is -1; it must be an integer from 0 to 8"],
    [[1.5, 9, 3], "the length of sequence 0 is 1.5; it must be an integer from 0 to 8"],
    [[1, 2], "there are 2 lengths; there must be one for each of 3 sequences"],
  ])("refuses %j", (lengths, message) => {
    expect(() => requireLengths(lengths, sizes)).toThrow(new KernelError("sequence_stats", message));
  });

  it("names a sequence as it is told to", () => {
    expect(() => requireLengths([0, 9, 3], sizes, (sequence) => `example 'e${sequence}'`)).toThrow(
      /length of example 'e1' is 9/,
    );
  });
});

describe("sequence statistics and the reference implementation's scores", () => {
  it("agree on MNLP and what belongs to it", async () => {
    const { logits, lengths, ...scores } = golden.mnlp_4x6x5;
    const [sequences, length, classes] = logits.shape as [number, number, number];
    const { stats } = await statsOf(Float32Array.from(logits.data), { sequences, length, classes }, {
      lengths: Uint32Array.from(lengths),
    });
    const column = (name: typeof SEQUENCE_STATS_COLUMNS[number]) =>
      lengths.map((_, sequence) => stats[sequence * 12 + SEQUENCE_STATS_COLUMNS.indexOf(name)]!);
    expectClose(column("mean_max_log_probability"), scores.mnlp, 2e-6, "mnlp");
    expectClose(column("sum_max_log_probability"), scores.sum_log_prob, 4e-6, "sum");
    expectClose(column("mean_entropy"), scores.mean_token_entropy, 2e-6, "mean entropy");
    expectClose(column("sum_entropy"), scores.total_token_entropy, 4e-6, "total entropy");
    expectClose(column("min_max_log_probability"), scores.min_max_log_prob, 2e-6, "least");
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
