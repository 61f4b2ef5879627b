import { type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { ROW_STATS_COLUMNS } from "../../kernels/row_stats/row_stats.ts";
import { Failure, Interrupted } from "../../src/errors.ts";
import type { Batch } from "../../src/models/batch.ts";
import { Classifier } from "../../src/models/model.ts";
import { inference } from "../../src/models/pass.ts";
import type { PupilBackend } from "../../src/tfjs/backend.ts";
import { HalfProducts } from "../../src/tfjs/half_products.ts";
import { rowStats } from "../../src/tfjs/operations/row_stats.ts";
import type { ParameterValues } from "../../src/tfjs/parameters.ts";
import { CLASSES, type ModelSetup } from "./model_setup.ts";

/** How far scores from stored halves are from those of float32, over the texts of a pool. */
export interface HalfDifferences {
  readonly texts: number;
  /** Of the probability of the most probable class, absolute. */
  readonly largest_probability: number;
  readonly mean_probability: number;
  /** In nats, absolute. */
  readonly largest_entropy: number;
  readonly mean_entropy: number;
  /** How many texts the least confident tenth has, and how many of them are picked from halves too. */
  readonly picks: number;
  readonly same_picks: number;
}

/**
 * Scores a pool twice on our engine, which must be the current one.
 *
 * @throws Failure where the model has no product that halves can be stored for
 * @throws Interrupted where the signal has fired
 */
export async function halfDifferences(
  backend: PupilBackend,
  { spec, values }: ModelSetup,
  pool: readonly Batch[],
  signal: AbortSignal,
): Promise<HalfDifferences> {
  const classifier = new Classifier(spec, withSureHead(values));
  const halves = new HalfProducts(backend);
  try {
    const score = (batch: Batch) => tidy(() => rowStats(classifier.logits(batch, inference) as Tensor2D));
    const plain: number[][] = [];
    const halved: number[][] = [];
    for (const batch of pool) {
      if (signal.aborted) throw new Interrupted("interrupted; a bench keeps nothing, and begins anew");
      for (const [side, result] of [[plain, score(batch)], [halved, halves.during(() => score(batch))]] as const) {
        side.push(...rowsOf(await result.data() as Float32Array));
        result.dispose();
      }
    }
    if (halves.products === 0) throw new Failure("this model has no product that halves can be stored for");
    return differences(plain, halved);
  } finally {
    halves.dispose();
    classifier.dispose();
  }
}

/** `plain` and `halved` have the columns of row statistics. */
export function differences(
  plain: readonly (readonly number[])[],
  halved: readonly (readonly number[])[],
): HalfDifferences {
  const [confidence, entropy] = (["least_confidence", "entropy"] as const).map((name) => {
    const column = ROW_STATS_COLUMNS.indexOf(name);
    const apart = plain.map((row, index) => Math.abs(row[column]! - halved[index]![column]!));
    return { column, largest: Math.max(...apart), mean: apart.reduce((sum, each) => sum + each, 0) / apart.length };
  }) as [Column, Column];
  const picks = Math.ceil(plain.length / 10);
  const tenth = (side: readonly (readonly number[])[]) =>
    side.map((row, index) => ({ index, score: row[confidence.column]! }))
      .sort((a, b) => b.score - a.score || a.index - b.index).slice(0, picks).map(({ index }) => index);
  const picked = new Set(tenth(plain));
  return {
    texts: plain.length,
    largest_probability: confidence.largest,
    mean_probability: confidence.mean,
    largest_entropy: entropy.largest,
    mean_entropy: entropy.mean,
    picks,
    same_picks: tenth(halved).filter((index) => picked.has(index)).length,
  };
}

/**
 * The weights, with a head whose logits are about as large as a trained model's. A fresh one finds all classes alike: then the
 * entropy is flat, and says little.
 */
function withSureHead(values: ParameterValues): ParameterValues {
  const head = values.get("classifier.weight")!;
  const hidden = head.length / CLASSES;
  // The head and the layer before it are drawn with this deviation, and sum over so many.
  const size = INITIAL_DEVIATION ** 2 * hidden;
  return new Map(values).set("classifier.weight", head.map((weight) => weight * SURE / size));
}

const INITIAL_DEVIATION = 0.02;
/** The deviation of logits, roughly. */
const SURE = 2;

interface Column {
  readonly column: number;
  readonly largest: number;
  readonly mean: number;
}

function rowsOf(table: Float32Array): number[][] {
  const width = ROW_STATS_COLUMNS.length;
  return Array.from({ length: table.length / width }, (_, row) => [...table.subarray(row * width, (row + 1) * width)]);
}
