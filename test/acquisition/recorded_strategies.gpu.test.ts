import { beforeAll, describe, expect, it } from "vitest";
import { capable, type ScoringModel } from "../../src/acquisition/scoring_model.ts";
import { strategies } from "../../src/acquisition/strategies.ts";
import type { Scorer } from "../../src/acquisition/strategy.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { KernelError } from "../../src/gpu/kernel.ts";
import { random } from "../../src/random.ts";
import golden from "../fixtures/golden/uncertainty.json" with { type: "json" };
import { testGpu } from "../gpu/open_test_gpu.ts";
import { expectClose } from "../kernels/cases.ts";
import {
  type Hypotheses,
  type Recorded,
  recordedCommittee,
  recordedExamples,
  recordedGenerator,
  recordedTagger,
} from "./recorded_model.ts";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await testGpu();
});

const scorer = (name: string) => strategies.get(name) as Scorer;

/** The scores that a strategy gives, asked for in the order of `places`. */
async function scoresOf(
  name: string,
  model: Partial<ScoringModel>,
  places: readonly number[],
  dropoutPasses = 4,
): Promise<number[]> {
  const { needs, score } = scorer(name);
  const examples = recordedExamples(Math.max(...places) + 1);
  const scores = await score({
    candidates: places.map((place) => examples[place]!),
    labelled: [],
    k: 1,
    random: random("test"),
    round: 1,
    model: capable(model, needs),
    dropoutPasses,
    control: { report: () => Promise.resolve() },
  });
  return [...scores];
}

function variance(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}

/** Places by falling score. */
function ranking(scores: readonly number[]): number[] {
  return scores.map((_, place) => place).sort((a, b) => scores[b]! - scores[a]!);
}

/** The strategy's scores and its ranking are those wanted, also where the examples come in another order. */
async function expectScores(name: string, model: Partial<ScoringModel>, wanted: readonly number[]): Promise<void> {
  const places = wanted.map((_, place) => place);
  const scores = await scoresOf(name, model, places);
  expectClose(scores, wanted, 2e-6, name);
  expect(ranking(scores)).toEqual(ranking(wanted));
  const back = await scoresOf(name, model, places.toReversed());
  expect(back.toReversed()).toEqual(scores);
}

const recorded = ({ shape, data }: { shape: number[]; data: number[] }): Recorded => ({
  shape: shape as [number, number, number],
  data: Float32Array.from(data),
});

describe("strategies over the tokens of recorded logits", () => {
  const { mnlp_4x6x5: { logits, lengths, mnlp, mean_token_entropy } } = golden;
  const tagger = () => recordedTagger(gpu, recorded(logits), lengths);

  it("mnlp is minus the reference's normalised log-probability", () =>
    expectScores("mnlp", tagger(), mnlp.map((each) => -each)));

  it("token_entropy is the reference's mean entropy", () =>
    expectScores("token_entropy", tagger(), mean_token_entropy));

  it("token_entropy_max is the entropy of the hardest token alone", async () => {
    const [, length, classes] = logits.shape as [number, number, number];
    const wanted = lengths.map((count, sequence) => {
      const entropies = Array.from({ length: count }, (_, token) => {
        const start = (sequence * length + token) * classes;
        const terms = logits.data.slice(start, start + classes).map(Math.exp);
        const total = terms.reduce((sum, term) => sum + term, 0);
        return -terms.reduce((sum, term) => sum + (term / total) * Math.log(term / total), 0);
      });
      return Math.max(...entropies);
    });
    await expectScores("token_entropy_max", tagger(), wanted);
  });

  it("prefer a text of which the model knows less, whatever its length", async () => {
    // A token of two classes that are apart by so much.
    const tokens = (...leads: number[]) => leads.flatMap((lead) => [lead, 0]);
    const data = Float32Array.from([...tokens(1, 1, 1, 1), ...tokens(0.5, 0, 0, 0), ...tokens(9, 9, 0, 9)]);
    const model = recordedTagger(gpu, { shape: [3, 4, 2], data }, [4, 1, 4]);
    expect(ranking(await scoresOf("mnlp", model, [0, 1, 2]))).toEqual([1, 0, 2]);
    expect(ranking(await scoresOf("token_entropy", model, [0, 1, 2]))).toEqual([1, 0, 2]);
    expect(ranking(await scoresOf("token_entropy_max", model, [0, 1, 2]))).toEqual([2, 1, 0]);
  });

  it("rank nothing by a NaN, but name the example and the token", async () => {
    const { data, shape } = recorded(logits);
    data[6 * 5 + 7] = NaN;
    await expect(scoresOf("mnlp", recordedTagger(gpu, { data, shape }, lengths), [0, 1])).rejects.toThrow(
      new KernelError("sequence_stats", "the logits of token 1 of example 'e1' hold a NaN or an infinity"),
    );
  });
});

describe("strategies over a recorded committee", () => {
  const { committee_4x5x6: { logits, kl_to_consensus_mean, bald } } = golden;

  it("qbc_kl is the reference's mean KL to the consensus", () =>
    expectScores("qbc_kl", recordedCommittee(gpu, recorded(logits)), kl_to_consensus_mean));

  it("bald is the reference's difference of entropies", () =>
    expectScores("bald", recordedCommittee(gpu, recorded(logits)), bald));

  it("bald makes as many passes as it is told to", async () => {
    const model = recordedCommittee(gpu, recorded(logits));
    expect(await scoresOf("bald", model, [0, 1, 4], 2)).not.toEqual(await scoresOf("bald", model, [0, 1, 4], 4));
    // Two passes that are sure of different classes.
    expectClose(await scoresOf("bald", model, [4], 2), [Math.log(2)], 2e-6);
  });
});

describe("strategies over recorded hypotheses", () => {
  const hypotheses: Hypotheses = [
    [[-4, 8], [-6, 6], [-9, 6]],
    [[-2, 1], [-20, 10], [-6, 3]],
    [[-1, 8], [-25, 5], [-0.5, 1]],
  ];
  const generator = () => recordedGenerator(gpu, hypotheses);

  it("sequence_score is minus the best by length, so that a long text is not taken for a hard one", () =>
    expectScores("sequence_score", generator(), [0.5, 2, 0.125]));

  it("beam_variance is the sample variance of the scores by length", () =>
    expectScores("beam_variance", generator(), [[-0.5, -1, -1.5], [-2, -2, -2], [-0.125, -5, -0.5]].map(variance)));
});

describe("what a strategy needs", () => {
  it.each([
    ["mnlp", "tokenStats"],
    ["token_entropy", "tokenStats"],
    ["token_entropy_max", "tokenStats"],
    ["sequence_score", "beamScores"],
    ["beam_variance", "beamScores"],
    ["qbc_kl", "committee"],
    ["bald", "dropoutCommittee"],
  ])("is all that %s asks of a model: %s", (name, need) => {
    expect(scorer(name).needs).toEqual([need]);
    expect(() => capable({}, scorer(name).needs)).toThrow(`the model gives no ${need}, which its task promised`);
  });
});
