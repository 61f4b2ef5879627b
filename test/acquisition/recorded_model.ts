import { BEAM_SCORES_COLUMNS, beamScores, requireFiniteHypotheses } from "../../kernels/beam_scores/beam_scores.ts";
import { committee, COMMITTEE_COLUMNS, requireFiniteCommittee } from "../../kernels/committee/committee.ts";
import {
  requireFiniteTokens,
  SEQUENCE_STATS_COLUMNS,
  sequenceStats,
} from "../../kernels/sequence_stats/sequence_stats.ts";
import type { CommitteeStats, OverTokens, ScoringModel } from "../../src/acquisition/scoring_model.ts";
import type { Example } from "../../src/data/example.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { runOnArrays } from "../../src/gpu/run.ts";

/** Logits that were recorded, the examples in order e0, e1, ... */
export interface Recorded {
  readonly shape: readonly [number, number, number];
  readonly data: Float32Array;
}

export function recordedExamples(count: number): Example[] {
  return Array.from({ length: count }, (_, index) => ({ id: `e${index}`, text: "x" }));
}

/** A tagger whose logits, [examples, length, classes], were recorded. */
export function recordedTagger(
  gpu: Gpu,
  { shape, data }: Recorded,
  lengths: readonly number[],
): Pick<ScoringModel, "tokenStats"> {
  const [, length, classes] = shape;
  return {
    async tokenStats(examples) {
      const places = examples.map(placeOf);
      const plan = sequenceStats.plan(
        { sequences: places.length, length, classes, real: "lengths" },
        gpu.device.limits,
      );
      const [stats, counts] = await runOnArrays(gpu, plan, {
        logits: joined(places.map((place) => data.subarray(place * length * classes, (place + 1) * length * classes))),
        lengths: Uint32Array.from(places, (place) => lengths[place]!),
      });
      const tokens = new Int32Array(counts!);
      requireFiniteTokens(tokens, length, (sequence) => `example '${examples[sequence]!.id}'`);
      const columns = columnsOf(new Float32Array(stats!), SEQUENCE_STATS_COLUMNS);
      const over = (quantity: "max_log_probability" | "entropy" | "margin"): OverTokens => ({
        sum: columns[`sum_${quantity}`],
        mean: columns[`mean_${quantity}`],
        min: columns[`min_${quantity}`],
        max: columns[`max_${quantity}`],
      });
      return {
        maxLogProbability: over("max_log_probability"),
        entropy: over("entropy"),
        margin: over("margin"),
        tokens,
      };
    },
  };
}

/** A committee whose logits, [members, examples, classes], were recorded: of trained models, or of passes of one. */
export function recordedCommittee(
  gpu: Gpu,
  { shape, data }: Recorded,
): Pick<ScoringModel, "committee" | "dropoutCommittee"> {
  const [members, rows, classes] = shape;
  const differences = async (examples: readonly Example[], first: number): Promise<CommitteeStats> => {
    const places = examples.map(placeOf);
    const plan = committee.plan({ members: first, rows: places.length, classes }, gpu.device.limits);
    const chosen = Array.from({ length: first }, (_, member) =>
      places.map((place) => {
        const start = (member * rows + place) * classes;
        return data.subarray(start, start + classes);
      })).flat();
    const stats = new Float32Array((await runOnArrays(gpu, plan, { logits: joined(chosen) }))[0]!);
    requireFiniteCommittee(stats, (row) => `example '${examples[row]!.id}'`);
    const columns = columnsOf(stats, COMMITTEE_COLUMNS);
    return {
      meanKl: columns.mean_kl,
      maxKl: columns.max_kl,
      voteEntropy: columns.vote_entropy,
      consensusEntropy: columns.consensus_entropy,
      meanEntropy: columns.mean_entropy,
    };
  };
  return {
    committee: (examples) => differences(examples, members),
    dropoutCommittee: (examples, passes) => differences(examples, passes),
  };
}

/** The sums of log-probabilities, and the lengths, of the hypotheses of each example. */
export type Hypotheses = readonly (readonly (readonly [sum: number, length: number])[])[];

/** A generator whose beams were recorded, as many for each example; its scores are sums by length. */
export function recordedGenerator(gpu: Gpu, recorded: Hypotheses): Pick<ScoringModel, "beamScores"> {
  return {
    async beamScores(examples) {
      const own = examples.map((example) => recorded[placeOf(example)]!);
      const shape = { examples: own.length, hypotheses: own[0]!.length, lengthPenalty: 1 };
      const [, table] = await runOnArrays(gpu, beamScores.plan(shape, gpu.device.limits), {
        sums: Float32Array.from(own.flat(), ([sum]) => sum),
        lengths: Uint32Array.from(own.flat(), ([, length]) => length),
      });
      const stats = new Float32Array(table!);
      requireFiniteHypotheses(stats, (example) => `example '${examples[example]!.id}'`);
      const columns = columnsOf(stats, BEAM_SCORES_COLUMNS);
      return { best: columns.sequence_score, mean: columns.mean, variance: columns.variance };
    },
  };
}

function placeOf({ id }: Example): number {
  return Number(id.slice(1));
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function columnsOf<Name extends string>(table: Float32Array, names: readonly Name[]): Record<Name, Float32Array> {
  const rows = table.length / names.length;
  const columns = names.map((name, column) => [
    name,
    Float32Array.from({ length: rows }, (_, row) => table[row * names.length + column]!),
  ]);
  return Object.fromEntries(columns) as Record<Name, Float32Array>;
}
