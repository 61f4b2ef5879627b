import { beforeAll, describe, expect, it } from "vitest";
import type { Learner, TrainedModel } from "../../../src/tasks/task.ts";
import { useWasm } from "../../../src/tfjs/wasm.ts";
import { lookAt } from "../../../web/engine/round_view.ts";
import { type Scored, watched } from "../../../web/engine/watched_learner.ts";
import { wasmFiles } from "../../tfjs/wasm_files.ts";

const candidates = ["a", "b", "c"].map((id) => ({ id, text: id }));
const control = { report: () => Promise.resolve() };
const stats = {
  leastConfidence: Float32Array.of(0.1, 0.3, 0.2),
  margin: Float32Array.of(0.8, 0.4, 0.6),
  entropy: Float32Array.of(0.2, 0.4, 0.3),
  maxLogProbability: Float32Array.of(-0.1, -0.3, -0.2),
};
const none = new Float32Array(3);
const committee = {
  meanKl: Float32Array.of(0.3, 0.1, 0.3),
  ...{ maxKl: none, voteEntropy: none, consensusEntropy: none, meanEntropy: none },
};
const model = {
  rowStats: () => Promise.resolve(stats),
  dropoutCommittee: () => Promise.resolve(committee),
  outputs: () =>
    Promise.resolve({
      classes: 2,
      probabilities: new Float32Array(6).fill(0.5),
      width: 2,
      features: Float32Array.of(0, 1, 2, 0, 1, 1),
    }),
} as unknown as TrainedModel;

/** What a look shows that is taken once the watched model has been asked. */
async function picksAfter(ask: (model: TrainedModel) => Promise<unknown>) {
  let seen: Scored | undefined;
  const learner = { train: () => Promise.resolve({ model }) } as unknown as Learner;
  const scored = (_model: TrainedModel, _candidates: unknown, scores: Scored) => {
    seen = scores;
    return Promise.resolve();
  };
  const trained = await watched(learner, { scored }).train([], 0, { report: () => Promise.resolve() });
  await ask(trained.model);
  const rest = { labelled: [], step: 2, successor: undefined, before: undefined, control };
  return (await lookAt({ round: 1, model, candidates, scores: seen!, ...rest })).view.picks;
}

beforeAll(() => useWasm(wasmFiles));

describe("a look at a round", () => {
  it("shows what each strategy picks that goes by one pass", async () => {
    const picks = await picksAfter((each) => each.rowStats!(candidates, control));
    expect(picks).toEqual({ lc: [1, 2], margin: [1, 2], entropy: [1, 2] });
  });

  it("shows the picks of BALD too where the round goes by it, ties by id as the loop has them", async () => {
    const picks = await picksAfter((each) => each.dropoutCommittee!(candidates, 4, control));
    expect(picks).toEqual({ lc: [1, 2], margin: [1, 2], entropy: [1, 2], bald: [0, 2] });
  });
});
