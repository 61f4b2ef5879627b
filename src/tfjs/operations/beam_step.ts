import {
  add,
  all,
  any,
  argMax,
  cast,
  equal,
  expandDims,
  floorDiv,
  gather,
  greater,
  isFinite as isFiniteTensor,
  logicalAnd,
  logicalNot,
  logSoftmax,
  maximum,
  mul,
  neg,
  range,
  reshape,
  scalar,
  slice,
  sub,
  type Tensor,
  tensor,
  type Tensor1D,
  type Tensor2D,
  tensor2d,
  type Tensor3D,
  tidy,
  topk,
  where,
} from "@tensorflow/tfjs-core";
import {
  BEAM_ENTRY_WORDS,
  beamStep as kernel,
  maskWords,
  NO_SCORE,
  unpackBeamEntries,
} from "../../../kernels/beam_step/beam_step.ts";
import { KernelError } from "../../gpu/kernel.ts";
import type { PupilBackend } from "../backend.ts";
import { runPlan } from "../run_plan.ts";
import { currentBackend } from "../setup.ts";

/** What a step of beam search keeps to, beside the scores. */
export interface BeamStepRules {
  /** The token that ends a sequence. */
  readonly endOfSequence?: number;
  /** The words of a `TokenMask` of examples * beams rows: tokens that must not follow. */
  readonly forbidden?: Uint32Array;
  /** The one token that may follow each beam, or -1: [examples * beams]. */
  readonly forced?: Int32Array;
}

/** Entries of a step, best first: [examples, entries] each. What does not exist has the score LOWEST, beam 0 and token 0. */
export type BeamEntryTensors = { readonly scores: Tensor2D; readonly beams: Tensor2D; readonly tokens: Tensor2D };

export type BeamStepResult = {
  /** The 2B best. */
  readonly candidates: BeamEntryTensors;
  /** The B best that do not end. */
  readonly next: BeamEntryTensors;
  /** [examples] int32, for `requireSoundBeams`. */
  readonly faults: Tensor1D;
};

/**
 * One step of beam search, from logits [examples, beams, vocabulary] and the beams' accumulated log-probabilities [examples,
 * beams]. Not differentiable.
 *
 * @throws KernelError where the sizes do not fit, or a forced token is outside the vocabulary
 */
export function beamStep(logits: Tensor3D, scores: Tensor2D, rules: BeamStepRules = {}): BeamStepResult {
  const backend = currentBackend();
  if (!backend) return beamStepComposed(logits, scores, rules);
  check(logits, rules);
  const [examples, beams, vocabulary] = logits.shape;
  const { endOfSequence, forbidden, forced } = rules;
  const shape = { examples, beams, vocabulary, endOfSequence, forbidden: !!forbidden, forced: !!forced };
  const plan = kernel.plan(shape, backend.gpu.device.limits);
  return tidy(() => {
    const rows = examples * beams;
    const inputs: Record<string, Tensor> = { logits, scores };
    if (forbidden) {
      inputs.forbidden = tensor2d(new Int32Array(forbidden), [rows, maskWords(vocabulary)], "int32");
    }
    if (forced) inputs.forced = tensor(forced, [rows], "int32");
    const [candidates, next, faults] = runPlan(backend, plan, inputs, [
      { name: "candidates", shape: [examples, 2 * beams, BEAM_ENTRY_WORDS], dtype: "int32" },
      { name: "next", shape: [examples, beams, BEAM_ENTRY_WORDS], dtype: "int32" },
      { name: "faults", shape: [examples], dtype: "int32" },
    ]);
    return {
      candidates: unpacked(backend, candidates!),
      next: unpacked(backend, next!),
      faults: faults as Tensor1D,
    };
  });
}

function unpacked(backend: PupilBackend, entries: Tensor): BeamEntryTensors {
  const [examples, each] = entries.shape as [number, number];
  const plan = unpackBeamEntries.plan({ entries: examples * each }, backend.gpu.device.limits);
  const shape = [examples, each];
  const [scores, beams, tokens] = runPlan(backend, plan, { entries }, [
    { name: "scores", shape },
    { name: "beams", shape, dtype: "int32" },
    { name: "tokens", shape, dtype: "int32" },
  ]);
  return { scores: scores as Tensor2D, beams: beams as Tensor2D, tokens: tokens as Tensor2D };
}

/** The same of stock operations; which of several equal scores comes first is theirs to say. */
export function beamStepComposed(logits: Tensor3D, scores: Tensor2D, rules: BeamStepRules = {}): BeamStepResult {
  check(logits, rules);
  return tidy(() => {
    const [examples, beams, vocabulary] = logits.shape;
    const none = scalar(NO_SCORE);
    const before = expandDims(scores, 2);
    let total: Tensor = maximum(add(logSoftmax(logits), before), none);
    if (rules.forbidden) total = where(forbiddenOf(rules.forbidden, logits.shape), none, total);
    if (rules.forced) {
      const only = tensor(rules.forced, [examples, beams, 1], "int32");
      const alone = where(equal(only, range(0, vocabulary, 1, "int32")), maximum(before, none), none);
      total = where(greater(only, scalar(-1, "int32")), alone, total);
    }
    const isBad = logicalNot(logicalAnd(all(isFiniteTensor(logits), 2), isFiniteTensor(scores)));
    const anyBad = any(isBad, 1);
    const first = argMax(cast(isBad, "int32"), 1);
    const faults = mul(add(first, scalar(1, "int32")), cast(anyBad, "int32")) as Tensor1D;
    total = where(reshape(anyBad, [examples, 1, 1]), none, total);

    const { values, indices } = topk(reshape(total, [examples, beams * vocabulary]), 2 * beams);
    const exists = greater(values, none);
    const index = mul(indices, cast(exists, "int32"));
    const beam = floorDiv(index, scalar(vocabulary, "int32"));
    const token = sub(index, mul(beam, scalar(vocabulary, "int32")));
    const candidates = { scores: values, beams: beam, tokens: token } as BeamEntryTensors;
    return { candidates, next: goingOn(candidates, exists, rules.endOfSequence), faults };
  });
}

/** The first half of the candidates that do not end, in their order. */
function goingOn(candidates: BeamEntryTensors, exists: Tensor, endOfSequence: number | undefined): BeamEntryTensors {
  const [examples, count] = candidates.scores.shape;
  const half = count / 2;
  if (endOfSequence === undefined) return each(candidates, (column) => slice(column, [0, 0], [examples, half]));
  const ends = logicalAnd(equal(candidates.tokens, scalar(endOfSequence, "int32")), exists);
  // Those that end move behind all that do not.
  const place = add(range(0, count), mul(cast(ends, "float32"), scalar(count)));
  const { indices } = topk(neg(place), half);
  return each(candidates, (column) => gather(column, indices, 1, 1));
}

function each(entries: BeamEntryTensors, change: (column: Tensor2D) => Tensor): BeamEntryTensors {
  return {
    scores: change(entries.scores) as Tensor2D,
    beams: change(entries.beams) as Tensor2D,
    tokens: change(entries.tokens) as Tensor2D,
  };
}

function forbiddenOf(words: Uint32Array, [examples, beams, vocabulary]: [number, number, number]): Tensor {
  const rowWords = maskWords(vocabulary);
  const isForbidden = new Uint8Array(examples * beams * vocabulary);
  for (let index = 0; index < isForbidden.length; index++) {
    const token = index % vocabulary;
    const row = (index - token) / vocabulary;
    isForbidden[index] = (words[row * rowWords + (token >>> 5)]! >>> (token & 31)) & 1;
  }
  return tensor(isForbidden, [examples, beams, vocabulary], "bool");
}

function check({ shape: [examples, beams, vocabulary] }: Tensor3D, { forbidden, forced }: BeamStepRules): void {
  const rows = examples * beams;
  const words = rows * maskWords(vocabulary);
  if (forbidden && forbidden.length !== words) {
    throw new KernelError("beam_step", `forbidden has ${forbidden.length} words; it needs ${words}`);
  }
  if (!forced) return;
  if (forced.length !== rows) {
    throw new KernelError("beam_step", `forced has ${forced.length} tokens; it needs ${rows}`);
  }
  const row = forced.findIndex((token) => token >= vocabulary);
  if (row >= 0) {
    const where = `beam ${row % beams} of example ${Math.floor(row / beams)}`;
    throw new KernelError("beam_step", `the forced token of ${where} is outside the vocabulary`);
  }
}
