import type { TrainingConfig } from "../config/schema.ts";
import { Failure, messageOf } from "../errors.ts";
import { OutOfMemory, type Shortage } from "../gpu/faults.ts";
import { TooLarge } from "../gpu/kernel.ts";
import { type BatchSize, estimateMemory, largestBuffer } from "../models/memory.ts";
import type { ClassifierSpec } from "../models/model.ts";

/** A training step that the GPU's memory did not hold. */
export interface Shortfall extends BatchSize {
  readonly spec: ClassifierSpec;
  readonly modelName: string;
  readonly config: TrainingConfig;
}

/**
 * What was thrown in a training step; where the GPU's memory or one of its limits was too small, an error in its place that says what would
 * fit.
 */
export function withMemoryAdvice(thrown: unknown, shortfall: Shortfall): unknown {
  const fits = fittingOf(thrown, shortfall);
  if (!fits) return thrown;
  const { spec, modelName, batch, length } = shortfall;
  const { parameters, optimiser, total } = estimateMemory(spec, shortfall);
  const advice = [...pieces(shortfall, fits), ...shorter(shortfall, fits), "a smaller model"];
  return new Failure(
    `the GPU's memory does not hold a training step of '${modelName}' with ${batch} texts of ${length} tokens, which takes about ` +
      `${gigabytes(total)}, ${gigabytes(parameters + optimiser)} of it whatever the batch: ${messageOf(thrown)}. ` +
      `Try ${advice.join("; or ")}`,
  );
}

/** The same of scoring or evaluating a batch, which keeps nothing for a backward pass. */
export function withScoringAdvice(thrown: unknown, { batch, length }: BatchSize): unknown {
  const shortage = shortageOf(thrown);
  if (!shortage || batch < 2) return thrown;
  const { buffer, most } = shortage;
  const fitting = buffer === undefined ? Math.floor(batch / 2) : Math.max(1, Math.floor(batch * most / buffer));
  return new Failure(
    `the GPU's memory does not hold the scoring of ${batch} texts of ${length} tokens at once: ${messageOf(thrown)}. ` +
      `Try training.batch_size_args.eval_batch_size=${fitting}`,
  );
}

function shortageOf(thrown: unknown): Shortage | undefined {
  if (thrown instanceof OutOfMemory) return thrown.shortage;
  return thrown instanceof TooLarge ? { buffer: thrown.bytes, most: thrown.most } : undefined;
}

/** Whether a batch would fit, as far as what was thrown says; undefined where that is something else. */
function fittingOf(thrown: unknown, { spec, ...whole }: Shortfall): ((size: BatchSize) => boolean) | undefined {
  const shortage = shortageOf(thrown);
  if (!shortage) return undefined;
  const { buffer, most } = shortage;
  if (buffer === undefined) return (size) => estimateMemory(spec, size).total * MARGIN <= most;
  // The one that was refused, and the largest, grow with the tokens.
  const tokens = whole.batch * whole.length;
  return (size) => buffer * size.batch * size.length / tokens <= most && largestBuffer(spec, size) <= most;
}

/** The largest part of the batch that fits, of those that make it up without a rest. */
function pieces({ spec, config, batch, length }: Shortfall, fits: (size: BatchSize) => boolean): string[] {
  const { batch_size_args: { batch_size, min_batch_size }, accumulation } = config;
  const effective = batch_size * accumulation;
  for (let piece = Math.min(batch, batch_size) - 1; piece > 0; piece--) {
    if (effective % piece !== 0 || !fits({ batch: piece, length })) continue;
    const least = piece < min_batch_size ? `, training.batch_size_args.min_batch_size=${piece}` : "";
    return [
      `training.batch_size_args.batch_size=${piece}${least} with training.accumulation=${
        effective / piece
      }, the same batch in pieces, ` +
      `which takes about ${gigabytes(estimateMemory(spec, { batch: piece, length }).total)}`,
    ];
  }
  return [];
}

function shorter({ spec, batch, length }: Shortfall, fits: (size: BatchSize) => boolean): string[] {
  for (let least = Math.ceil(length / 8) * 8 - 8; least >= 8; least -= 8) {
    if (!fits({ batch, length: least })) continue;
    return [
      `training.max_length=${least}, which takes about ${
        gigabytes(estimateMemory(spec, { batch, length: least }).total)
      }`,
    ];
  }
  return [];
}

/** What is advised should fit, though an estimate may be a quarter off. */
const MARGIN = 1.25;

function gigabytes(bytes: number): string {
  return bytes < 1e8 ? `${(bytes / 1e6).toPrecision(2)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
