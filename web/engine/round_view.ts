import type { ScanControl, ScoringModel } from "../../src/acquisition/scoring_model.ts";
import { strategies } from "../../src/acquisition/strategies.ts";
import type { Scorer } from "../../src/acquisition/strategy.ts";
import type { Example } from "../../src/data/example.ts";
import { random } from "../../src/random.ts";
import { principalComponents } from "../../src/tasks/principal_components.ts";
import type { TrainedModel } from "../../src/tasks/task.ts";
import type { RoundView } from "./api.ts";
import type { Scored } from "./watched_learner.ts";

/** A round's view with what its examples open into. */
export interface Look {
  readonly view: RoundView;
  /** [examples of the view, classes], by the acquisition model. */
  readonly acquisition: Float32Array;
  /** The same by the successor, of picks only; NaN elsewhere. */
  readonly successor: Float32Array;
}

export interface LookRequest {
  readonly round: number;
  readonly model: TrainedModel;
  readonly candidates: readonly Example[];
  /** Of the candidates. */
  readonly scores: Scored;
  readonly labelled: readonly Example[];
  /** Picks of a round. */
  readonly step: number;
  /** The successor of the round before, where its weights are at hand. */
  readonly successor: TrainedModel | undefined;
  /** The view of the round before: axes keep the direction that they had there. */
  readonly before: RoundView | undefined;
  readonly control: ScanControl;
}

const scorers = strategies.entries().filter((each): each is Scorer => "score" in each);

/** Looks at the pool through the acquisition model of a round. */
export async function lookAt(request: LookRequest): Promise<Look> {
  const { round, model, candidates, scores: { stats }, labelled, before, control } = request;
  const examples = [...candidates, ...labelled];
  const { classes, probabilities, width, features } = await model.outputs!(examples, control);
  const plane = await principalComponents(features, width);
  const picks = await picksOf(request);
  const ofAll = (values: Float32Array) => {
    const all = new Float32Array(examples.length);
    all.set(values);
    return all;
  };
  const ids = examples.map(({ id }) => id);
  const view: RoundView = {
    round,
    ids,
    x: aligned(ids, scaled(plane.x), before?.ids, before?.x),
    y: aligned(ids, scaled(plane.y), before?.ids, before?.y),
    entropy: ofAll(stats.entropy),
    margin: ofAll(stats.margin),
    leastConfidence: ofAll(stats.leastConfidence),
    labelled: Uint8Array.from(examples, (_, index) => index < candidates.length ? 0 : 1),
    picks,
  };
  return { view, acquisition: probabilities, successor: await thoughtsOf(request, picks, examples, classes) };
}

/** What each strategy would pick that goes by what the round has computed; the run's own is among them. */
async function picksOf(
  { candidates, scores: { stats, dropoutCommittee }, step, round, control }: LookRequest,
): Promise<Record<string, number[]>> {
  const given: Partial<ScoringModel> = {
    rowStats: () => Promise.resolve(stats),
    ...(dropoutCommittee ? { dropoutCommittee: () => Promise.resolve(dropoutCommittee) } : {}),
  };
  const model = given as ScoringModel;
  const query = { candidates, labelled: [], k: step, random: random("look"), round, model, dropoutPasses: 2, control };
  const picks: Record<string, number[]> = {};
  for (const strategy of scorers.filter(({ needs }) => needs.every((need) => need in given))) {
    const scores = await strategy.score(query);
    // As the loop does: by falling score, ties by id.
    const order = [...candidates.keys()].sort((a, b) =>
      scores[b]! - scores[a]! || (candidates[a]!.id < candidates[b]!.id ? -1 : 1)
    );
    picks[strategy.name] = order.slice(0, step);
  }
  return picks;
}

async function thoughtsOf(
  { successor, control }: LookRequest,
  picks: Readonly<Record<string, readonly number[]>>,
  examples: readonly Example[],
  classes: number,
): Promise<Float32Array> {
  const all = new Float32Array(examples.length * classes).fill(Number.NaN);
  if (!successor) return all;
  const places = [...new Set(Object.values(picks).flat())];
  const { probabilities } = await successor.outputs!(places.map((place) => examples[place]!), control);
  places.forEach((place, index) =>
    all.set(probabilities.subarray(index * classes, (index + 1) * classes), place * classes)
  );
  return all;
}

/** To [-1, 1]. */
function scaled(values: Float32Array): Float32Array {
  const most = values.reduce((greatest, value) => Math.max(greatest, Math.abs(value)), 0);
  return most === 0 ? values : values.map((value) => value / most);
}

/** The sign of a principal component is free: a picture must not flip from round to round. */
function aligned(
  ids: readonly string[],
  values: Float32Array,
  idsBefore: readonly string[] = [],
  before: Float32Array = new Float32Array(),
): Float32Array {
  const place = new Map(idsBefore.map((id, index) => [id, index]));
  let agreement = 0;
  ids.forEach((id, index) => {
    const other = place.get(id);
    if (other !== undefined) agreement += values[index]! * before[other]!;
  });
  return agreement < 0 ? values.map((value) => -value) : values;
}
