import { beforeAll, describe, expect, it } from "vitest";
import {
  beamStep,
  NO_SCORE,
  readBeamEntries,
  requireSoundBeams,
  TokenMask,
} from "../../kernels/beam_step/beam_step.ts";
import { beamStepReference, type Continuation } from "../../kernels/beam_step/reference.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { runOnArrays } from "../../src/gpu/run.ts";
import { random } from "../../src/random.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testGpu();
});

interface Hypothesis {
  readonly tokens: readonly number[];
  readonly score: number;
}

interface Task {
  readonly vocabulary: number;
  readonly beams: number;
  readonly endOfSequence: number;
  readonly maxLength: number;
  /** Tokens that the search may use, the end of the sequence among them. */
  readonly allowed: readonly number[];
}

/** A toy language model: logits that depend on the whole prefix, always the same, float32. */
function logitsAfter(prefix: readonly number[], { vocabulary }: Task): number[] {
  const from = random("toy model", ...prefix);
  return Array.from({ length: vocabulary }, () => Math.fround(2.5 * from.normal()));
}

interface StepOutcome {
  readonly candidates: readonly Continuation[];
  readonly next: readonly Continuation[];
}
type TakeStep = (logits: number[][], scores: number[]) => Promise<StepOutcome> | StepOutcome;

/** Beam search: hypotheses that end among the 2B best are kept, the B best others go on; what is left at the end is kept too. */
async function search(task: Task, takeStep: TakeStep): Promise<Hypothesis[]> {
  const kept: Hypothesis[] = [];
  let live: Hypothesis[] = Array.from({ length: task.beams }, (_, beam) => ({ tokens: [], score: beam ? -1e9 : 0 }));
  for (let length = 0; length < task.maxLength; length++) {
    const { candidates, next } = await takeStep(
      live.map(({ tokens }) => logitsAfter(tokens, task)),
      live.map(({ score }) => score),
    );
    const hypothesisOf = ({ beam, token, score }: Continuation) => ({ tokens: [...live[beam]!.tokens, token], score });
    kept.push(
      ...candidates.filter(({ score, token }) => score > NO_SCORE && token === task.endOfSequence).map(hypothesisOf),
    );
    live = next.map(hypothesisOf);
  }
  return [...kept, ...live].filter(({ score }) => score > -1e8).sort((a, b) => b.score - a.score);
}

function onGpu({ vocabulary, beams, endOfSequence, allowed }: Task): TakeStep {
  const shape = { examples: 1, beams, vocabulary, endOfSequence, forbidden: true };
  const plan = beamStep.plan(shape, gpu.device.limits);
  const forbidden = maskOf({ vocabulary, beams, allowed });
  return async (logits, scores) => {
    const [candidates, next, faults] = await runOnArrays(gpu, plan, {
      logits: Float32Array.from(logits.flat()),
      scores: Float32Array.from(scores),
      forbidden: forbidden.words,
    });
    requireSoundBeams(new Uint32Array(faults!));
    return { candidates: continuations(candidates!), next: continuations(next!) };
  };
}

function continuations(bytes: ArrayBuffer): Continuation[] {
  const { scores, beams, tokens } = readBeamEntries(bytes, 1);
  return Array.from(scores, (score, index) => ({ score, beam: beams[index]!, token: tokens[index]! }));
}

function maskOf({ vocabulary, beams, allowed }: Pick<Task, "vocabulary" | "beams" | "allowed">): TokenMask {
  const mask = new TokenMask(beams, vocabulary);
  for (let beam = 0; beam < beams; beam++) {
    for (let token = 0; token < vocabulary; token++) if (!allowed.includes(token)) mask.forbid(beam, token);
  }
  return mask;
}

/** Every sequence of allowed tokens, scored in float64: those that end, and those that are cut at the greatest length. */
function exhaustive(task: Task, prefix: Hypothesis = { tokens: [], score: 0 }): Hypothesis[] {
  if (prefix.tokens.at(-1) === task.endOfSequence || prefix.tokens.length === task.maxLength) return [prefix];
  const logits = logitsAfter(prefix.tokens, task);
  const logSum = Math.log(logits.reduce((total, x) => total + Math.exp(x), 0));
  return task.allowed
    .flatMap((token) =>
      exhaustive(task, { tokens: [...prefix.tokens, token], score: prefix.score + logits[token]! - logSum })
    )
    .sort((a, b) => b.score - a.score);
}

function expectSame(found: readonly Hypothesis[], wanted: readonly Hypothesis[]): void {
  expect(found.map(({ tokens }) => tokens.join(" "))).toEqual(wanted.map(({ tokens }) => tokens.join(" ")));
  found.forEach(({ score }, index) => expect(Math.abs(score - wanted[index]!.score)).toBeLessThan(2e-5));
}

describe("a search of beam steps", () => {
  // With two tokens that go on there are at most 16 beams of which each has 3 continuations: 32 beams cut nothing off.
  const covering: Task = { vocabulary: 32, beams: 32, endOfSequence: 5, maxLength: 5, allowed: [5, 11, 30] };

  it("finds all that there is, in order, where its beams cover everything", async () => {
    const wanted = exhaustive(covering);
    expect(wanted.length).toBe(63);
    expectSame(await search(covering, onGpu(covering)), wanted);
  });

  it("finds the best of two tokens where only the first has to be kept", async () => {
    const task: Task = { vocabulary: 7, beams: 7, endOfSequence: 0, maxLength: 2, allowed: [0, 1, 2, 3, 4, 5, 6] };
    const wanted = exhaustive(task);
    const found = await search(task, onGpu(task));
    expectSame(found.slice(0, 7), wanted.slice(0, 7));
  });

  it.each([1, 2, 3, 5])("of %i beams goes the way of a plain float64 beam search", async (beams) => {
    const vocabulary = 41;
    const allowed = Array.from({ length: vocabulary }, (_, token) => token);
    const task: Task = { vocabulary, beams, endOfSequence: 3, maxLength: 9, allowed };
    const plain = (logits: number[][], scores: number[]) => beamStepReference(logits, scores, { endOfSequence: 3 });
    const wanted = await search(task, plain);
    expect(wanted.length).toBeGreaterThanOrEqual(beams);
    expectSame(await search(task, onGpu(task)), wanted);
  });
});
