import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { committee, type CommitteeShape, requireFiniteCommittee } from "../../kernels/committee/committee.ts";
import {
  committeeVariance,
  type CommitteeVarianceShape,
  requireFiniteVariance,
} from "../../kernels/committee/committee_variance.ts";
import {
  committeeReference,
  type CommitteeStats,
  committeeVarianceReference,
} from "../../kernels/committee/reference.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { KernelError, type KernelLimits } from "../../src/gpu/kernel.ts";
import { runOnArrays } from "../../src/gpu/run.ts";
import golden from "../fixtures/golden/uncertainty.json" with { type: "json" };
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose, normalRows, rowsOf } from "./cases.ts";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testGpu();
});

const LOWEST = Math.fround(-3.4028235e38);

async function statsOf(logits: Float32Array, shape: CommitteeShape, limits: KernelLimits = gpu.device.limits) {
  const [stats] = await runOnArrays(gpu, committee.plan(shape, limits), { logits });
  return new Float32Array(stats!);
}

const flat = (stats: CommitteeStats) => [
  stats.meanKl,
  stats.maxKl,
  stats.voteEntropy,
  stats.consensusEntropy,
  stats.meanEntropy,
];

/** The logits of one row: each member's. */
function membersOf(logits: Float32Array, { rows, classes }: CommitteeShape, row: number): number[][] {
  return rowsOf(logits, classes).filter((_, index) => index % rows === row);
}

/** Absolute to float64: 2e-6 to 64 classes, 1e-5 above. */
async function expectOracle(logits: Float32Array, shape: CommitteeShape, limits?: KernelLimits) {
  const stats = await statsOf(logits, shape, limits);
  const byMember = rowsOf(logits, shape.classes);
  const wanted = Array.from({ length: shape.rows }, (_, row) => {
    const members = Array.from({ length: shape.members }, (_, member) => byMember[member * shape.rows + row]!);
    return flat(committeeReference(members));
  }).flat();
  expectClose(stats, wanted, shape.classes <= 64 ? 2e-6 : 1e-5, "score");
  return stats;
}

const shaped = (members: number, rows: number, classes: number): CommitteeShape => ({ members, rows, classes });

describe("a committee's disagreement", () => {
  it.each([
    [1, 1, 1],
    [1, 3, 7],
    [2, 1, 2],
    [10, 130, 9],
    [3, 65, 1],
    [5, 64, 6],
    [100, 3, 5],
    [4, 70, 33],
    [3, 9, 63],
    [3, 9, 64],
    [3, 9, 65],
    [1, 2, 200],
    [7, 2, 1000],
    [70, 1, 70],
    [2, 1, 30523],
  ])("agrees with the float64 oracle at [%i, %i, %i]", async (members, rows, classes) => {
    await expectOracle(normalRows(members * rows, classes), shaped(members, rows, classes));
  });

  it.each([[4, 9, 30], [3, 3, 300]])(
    "agrees at wide and at tiny spreads of [%i, %i, %i]",
    async (members, rows, classes) => {
      await expectOracle(normalRows(members * rows, classes, 25), shaped(members, rows, classes));
      await expectOracle(normalRows(members * rows, classes, 1e-3), shaped(members, rows, classes));
    },
  );

  it("agrees on any shape and on values that a model may give, and is never negative", async () => {
    const logit = fc.oneof(
      // A GPU may take subnormal numbers for 0, and then a vote may differ.
      fc.float({ min: -20, max: 20, noNaN: true }).map((x) => Math.abs(x) < 1e-30 ? 0 : x),
      fc.constantFrom(0, 80, -80, -1e9, Math.fround(-3.4e38), LOWEST),
    );
    const cases = fc.record({
      members: fc.integer({ min: 1, max: 6 }),
      rows: fc.integer({ min: 1, max: 4 }),
      classes: fc.integer({ min: 1, max: 90 }),
    }).chain((shape) => {
      const length = shape.members * shape.rows * shape.classes;
      return fc.tuple(fc.constant(shape), fc.array(logit, { minLength: length, maxLength: length }));
    });
    await fc.assert(
      fc.asyncProperty(cases, async ([shape, values]) => {
        const stats = await expectOracle(Float32Array.from(values), shape);
        expect(Math.min(...stats)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 25, seed: 11 },
    );
  });

  it.each([6, 64, 500])("is nothing where %i classes' members agree, whatever they say", async (classes) => {
    const shape = shaped(9, 40, classes);
    const one = normalRows(shape.rows, classes, 8);
    const logits = new Float32Array(shape.members * one.length);
    for (let member = 0; member < shape.members; member++) logits.set(one, member * one.length);
    const stats = await expectOracle(logits, shape);
    rowsOf(stats, 5).forEach(([meanKl, maxKl, voteEntropy]) => {
      expectClose([meanKl!, maxKl!], [0, 0], 2e-6);
      expect(Math.min(meanKl!, maxKl!)).toBeGreaterThanOrEqual(0);
      expect(voteEntropy).toBe(0);
    });
  });

  it("is log members where each is sure of a class of its own", async () => {
    for (const [members, classes] of [[3, 5], [5, 80]] as const) {
      const logits = new Float32Array(members * classes).fill(-40);
      for (let member = 0; member < members; member++) logits[member * classes + member] = 40;
      const all = Math.log(members);
      expectClose(await statsOf(logits, shaped(members, 1, classes)), [all, all, all, all, 0], 2e-6);
    }
  });

  it.each([6, 70])("gives the vote of a tie among %i classes to the lower one", async (classes) => {
    const logits = new Float32Array(3 * classes).fill(-5);
    // All vote for 2, where the others of a tie are 3 and a far one, which a lane with a lower number may hold.
    for (const [member, ...best] of [[0, 3, 2], [1, Math.min(64, classes - 1), 2], [2, 2]] as const) {
      for (const each of best) logits[member * classes + each] = 1;
    }
    const stats = await expectOracle(logits, shaped(3, 1, classes));
    expect(stats[2]).toBe(0);
  });

  it("has defined answers for masks and for equal logits", async () => {
    for (const classes of [5, 100]) {
      for (const value of [0, 80, -80, -1e9, -3.4e38, LOWEST]) {
        const stats = await statsOf(new Float32Array(4 * classes).fill(value), shaped(4, 1, classes));
        expectClose(stats, [0, 0, 0, Math.log(classes), Math.log(classes)], 2e-6);
      }
      for (const mask of [-1e9, -3.4e38]) {
        const seen = normalRows(4, 3);
        const masked = new Float32Array(4 * classes).fill(mask);
        rowsOf(seen, 3).forEach((row, member) => row.forEach((x, at) => masked[member * classes + 2 * at] = x));
        expectClose(await statsOf(masked, shaped(4, 1, classes)), flat(committeeReference(rowsOf(seen, 3))), 2e-6);
      }
    }
  });

  it.each([NaN, Infinity, -Infinity])("names the row and the member that hold %f", async (poison) => {
    for (const classes of [6, 100]) {
      const shape = shaped(5, 4, classes);
      const logits = normalRows(20, classes);
      for (const member of [4, 3]) logits[(member * 4 + 2) * classes + classes - 1] = poison;
      const stats = await statsOf(logits, shape);
      const message = "committee: the logits of member 3 for row 2 hold a NaN or an infinity";
      expect(() => requireFiniteCommittee(stats)).toThrow(message);
      expect(() => requireFiniteCommittee(stats, (row) => `text ${row + 10}`)).toThrow(/member 3 for text 12 hold/);
      expect(() => requireFiniteCommittee(stats.slice(0, 10))).not.toThrow();
      expectClose(stats.slice(15), flat(committeeReference(membersOf(logits, shape, 3))), 1e-5);
    }
  });

  it.each([[3, 1500, 7], [1, 700, 9], [3, 40, 101]])(
    "tiles rows of [%i, %i, %i] to a small binding limit without a seam",
    async (members, rows, classes) => {
      const limits = { ...limitsOf(gpu), maxStorageBufferBindingSize: Math.max(rows * 20, members * classes * 4 * 9) };
      const plan = committee.plan({ members, rows, classes }, limits);
      expect(plan.dispatches.length).toBeGreaterThan(3 * members);
      for (const { size } of plan.dispatches.flatMap((dispatch) => dispatch.bindings)) {
        expect(size ?? 0).toBeLessThanOrEqual(limits.maxStorageBufferBindingSize);
      }
      await expectOracle(normalRows(members * rows, classes), shaped(members, rows, classes), limits);
    },
  );

  it("is the same to the bit each time, tiled or not", async () => {
    for (const shape of [shaped(3, 200, 5), shaped(3, 20, 80)]) {
      const logits = normalRows(shape.members * shape.rows, shape.classes);
      const once = await statsOf(logits, shape);
      expect(await statsOf(logits, shape)).toEqual(once);
      const limits = { ...limitsOf(gpu), maxStorageBufferBindingSize: 4096 };
      expect(await statsOf(logits, shape, limits)).toEqual(once);
    }
  });

  it.each([
    [shaped(0, 2, 3), "members is 0; it must be an integer of at least 1"],
    [shaped(2, 0, 3), "rows is 0; it must be an integer of at least 1"],
    [shaped(2, 2.5, 3), "rows is 2.5; it must be an integer of at least 1"],
    [shaped(2, 2, -1), "classes is -1; it must be an integer of at least 1"],
  ])("refuses %j", (shape, message) => {
    expect(() => committee.plan(shape, gpu.device.limits)).toThrow(new KernelError("committee", message));
  });

  it("refuses a row, and scores, that no binding holds", () => {
    const limits = { ...limitsOf(gpu), maxStorageBufferBindingSize: 4096 };
    expect(() => committee.plan(shaped(64, 1, 17), limits)).toThrow(
      "committee: one row of 64 members takes 4352 bytes; this device binds at most 4096 at once",
    );
    expect(() => committee.plan(shaped(1, 205, 2), limits)).toThrow(
      "committee: stats takes 4100 bytes; this device binds at most 4096 at once",
    );
  });

  it("agrees with the reference implementation's scores", async () => {
    const { logits, ...scores } = golden.committee_4x5x6;
    const stats = await statsOf(Float32Array.from(logits.data), shaped(4, 5, 6));
    const wanted = scores.bald.flatMap((_, row) => [
      scores.kl_to_consensus_mean[row]!,
      scores.kl_to_consensus_max[row]!,
      scores.vote_entropy[row]!,
      scores.predictive_entropy[row]!,
      scores.expected_entropy[row]!,
    ]);
    expectClose(stats, wanted, 2e-6);
    expectClose(stats.filter((_, index) => index % 5 === 0), scores.bald, 2e-6);
  });
});

describe("the variance of a committee", () => {
  async function varianceOf(
    predictions: Float32Array,
    shape: CommitteeVarianceShape,
    limits: KernelLimits = gpu.device.limits,
  ) {
    const [stats] = await runOnArrays(gpu, committeeVariance.plan(shape, limits), { predictions });
    return new Float32Array(stats!);
  }

  /** Relative to the variance, and of the mean to the largest prediction. */
  async function expectVariance(predictions: Float32Array, members: number, limits?: KernelLimits) {
    const rows = predictions.length / members;
    const stats = await varianceOf(predictions, { members, rows }, limits);
    const columns = Array.from({ length: rows }, (_, row) => predictions.filter((_, index) => index % rows === row));
    const wanted = columns.flatMap((column) => {
      const { mean, variance } = committeeVarianceReference(column);
      return [mean, variance];
    });
    const largest = columns.map((column) => Math.max(...column.map(Math.abs)));
    expectClose(stats, wanted, (index) => {
      return index % 2 === 1 ? 2e-6 * wanted[index]! + 1e-30 : 2e-7 * largest[(index - index % 2) / 2]! + 1e-30;
    });
  }

  it.each([[2, 1], [3, 65], [10, 1000], [100, 7]])("agrees with the float64 oracle at [%i, %i]", (members, rows) => {
    return expectVariance(normalRows(members, rows), members);
  });

  it("keeps a small spread about a large mean, where a sum of squares would lose it", async () => {
    const predictions = normalRows(5, 300, 0.01).map((x) => Math.fround(x + 1000));
    await expectVariance(predictions, 5);
    const equal = new Float32Array(7 * 3).fill(0.1);
    expect([...await varianceOf(equal, { members: 7, rows: 3 })]).toEqual(
      [1, 2, 3].flatMap(() => [Math.fround(0.1), 0]),
    );
  });

  it("agrees on any predictions", async () => {
    const cases = fc.tuple(fc.integer({ min: 2, max: 9 }), fc.integer({ min: 1, max: 20 })).chain(([members, rows]) =>
      fc.tuple(
        fc.constant(members),
        fc.array(fc.integer({ min: -4000, max: 4000 }), { minLength: members * rows, maxLength: members * rows }),
      )
    );
    await fc.assert(
      fc.asyncProperty(cases, ([members, values]) => expectVariance(Float32Array.from(values, (x) => x / 64), members)),
      { numRuns: 40, seed: 3 },
    );
  });

  it.each([NaN, Infinity, -Infinity])("names the row and the member whose prediction is %f", async (poison) => {
    const predictions = normalRows(4, 6);
    for (const member of [0, 2, 3]) predictions[member * 6 + 4 + (member === 0 ? 1 : 0)] = poison;
    const stats = await varianceOf(predictions, { members: 4, rows: 6 });
    expect(() => requireFiniteVariance(stats)).toThrow(
      "committee_variance: the prediction of member 2 for row 4 is NaN or infinite",
    );
    expect(() => requireFiniteVariance(stats.slice(10), () => "text 5")).toThrow(
      "committee_variance: the prediction of member 0 for text 5 is NaN or infinite",
    );
    expect(() => requireFiniteVariance(stats.slice(0, 8))).not.toThrow();
  });

  it("tiles rows to a small binding limit without a seam", async () => {
    const limits = { ...limitsOf(gpu), maxStorageBufferBindingSize: 9000 };
    expect(committeeVariance.plan({ members: 7, rows: 1003 }, limits).dispatches.length).toBeGreaterThan(16);
    await expectVariance(normalRows(7, 1003), 7, limits);
  });

  it.each([
    [{ members: 1, rows: 3 }, "members is 1; it must be an integer of at least 2"],
    [{ members: 2, rows: 0 }, "rows is 0; it must be an integer of at least 1"],
  ])("refuses %j", (shape, message) => {
    expect(() => committeeVariance.plan(shape, gpu.device.limits)).toThrow(
      new KernelError("committee_variance", message),
    );
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
