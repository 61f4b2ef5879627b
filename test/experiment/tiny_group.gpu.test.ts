import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { Curve } from "../../src/evaluation/curve.ts";
import { parseCurves } from "../../src/evaluation/curves_csv.ts";
import { reuGroups } from "../../src/evaluation/reu_groups.ts";
import type { EngineEvent } from "../../src/experiment/events.ts";
import { countTrainings } from "../../src/experiment/count_trainings.ts";
import { execute } from "../../src/experiment/execute.ts";
import { prepare, type PreparedPlan } from "../../src/experiment/prepare.ts";
import { readJournal } from "../../src/experiment/read_journal.ts";
import type { TrainingRecord } from "../../src/experiment/records.ts";
import { readScores } from "../../src/experiment/score_file.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { projectFiles } from "../fixtures/project_files.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { MemoryFiles } from "../host/memory_files.ts";
import { smallModel as successor, writeSmallModel } from "./small_model.ts";
import { executeAll, experiment, jsonLines, ofKind, restlessClock, topicRows, withoutSeconds } from "./stub_plan.ts";

/**
 * One group of real trainings of bags of words, since a software adapter compiles their few shaders in seconds. The successor is
 * a checkpoint in a folder of the user's, the other acquisition model one of Pupil's own.
 */
const arms = ["random", "self", "asm-bag-64"];
const al = { strategy: "entropy", init_p_or_n: 16, step_p_or_n: 8, num_queries: 2 };
const steps = 30;

function arm(name: string) {
  const config = experiment({
    name,
    task: "classification",
    metric: "macro_f1",
    successor,
    ...(name === "asm-bag-64" ? { acquisition: "bag-64" } : {}),
    al: name === "random" ? { ...al, strategy: "random" } : al,
  });
  const trained = (model: typeof config.successor_model) => ({
    ...model,
    training: { ...model.training, lr: 2e-2, steps, max_length: 8 },
  });
  return {
    ...config,
    acquisition_model: trained(config.acquisition_model),
    successor_model: trained(config.successor_model),
  };
}

let plan: PreparedPlan;
const events: EngineEvent[] = [];
/** At each evaluation, by run; and once all is over. */
const tensorsAt = new Map<string, number[]>();
let tensorsAfter: number;
const files = new MemoryFiles();
let curves: Curve[];

beforeAll(async () => {
  await useGpu(await testGpu());
  const userFiles = MemoryFiles.of({
    "train.jsonl": jsonLines(topicRows("train", 64)),
    "test.jsonl": jsonLines(topicRows("test", 32)),
  });
  await writeSmallModel(userFiles);
  plan = await prepare(arms.map(arm), { assets: projectFiles, userFiles });
  for await (const event of execute(plan, { files, clock: restlessClock() })) {
    events.push(event);
    if (event.kind !== "run" || event.event.kind !== "journal" || event.event.event.event !== "evaluate") continue;
    const name = event.run.experiment;
    tensorsAt.set(name, [...(tensorsAt.get(name) ?? []), memory().numTensors]);
  }
  tensorsAfter = memory().numTensors;
  curves = parseCurves(files.texts()["curves.csv"]!, "curves.csv");
  // SwiftShader may compile for a minute.
}, 300_000);

const recordsOf = (from: MemoryFiles): TrainingRecord[] =>
  Object.entries(from.texts()).flatMap(([path, text]) => (path.startsWith("trainings/") ? [JSON.parse(text)] : []));

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("a tiny group of real trainings", () => {
  it("gives a curve of T + 1 points for each run", () => {
    expect(curves.map(({ relation, al_type, strategy, acquisition, scores }) => [
      relation,
      al_type,
      strategy,
      acquisition,
      scores.length,
    ])).toEqual([
      ["random", "one", "random", successor, 3],
      ["self", "one", "entropy", successor, 3],
      ["mismatched", "asm", "entropy", "bag-64", 3],
    ]);
    for (const { scores, metric, dataset, successor: own } of curves) {
      expect([metric, dataset, own]).toEqual(["macro_f1", "topics", successor]);
      expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
      expect(scores[0], "all start from the same warm start").toBe(curves[0]!.scores[0]);
    }
  });

  it("gives the row of the REU table that the acquisition model stands in", () => {
    const rows = reuGroups(curves).flatMap((group) => group.rows);
    expect(rows).toHaveLength(1);
    const [row] = rows;
    expect([row!.acquisition, row!.relation]).toEqual(["bag-64", "mismatched"]);
    const area = (name: string) => curves.find(({ relation }) => relation === name)!.scores.reduce((a, b) => a + b, 0);
    const { mismatched, random, self } = {
      mismatched: area("mismatched"),
      random: area("random"),
      self: area("self"),
    };
    if (self === random) expect(row!.reu).toBeNull();
    else expect(row!.reu).toBeCloseTo((mismatched - random) / (self - random) - 1, 9);
  });

  it("trains each model once, and every training's loss falls", () => {
    const records = recordsOf(files);
    const trained = events.filter((event) => event.kind === "run" && event.event.kind === "trained");
    expect([records.length, trained.length]).toEqual([9, 9]);
    expect(countTrainings(arms.map(arm))).toBe(9);
    for (const { model, examples, losses } of records) {
      expect(losses).toHaveLength(steps);
      expect(mean(losses.slice(-5)), `${model} on ${examples}`).toBeLessThan(0.7 * mean(losses.slice(0, 5)));
    }
  });

  it("records a journal that says what was picked, and by which scores", async () => {
    const folder = (name: string) => `${name}/seed-0`;
    for (const name of arms) {
      const bytes = (await files.read(`${folder(name)}/journal.jsonl`))!;
      const { events: journal } = readJournal(bytes, name);
      expect(ofKind(journal, "evaluate").map(({ round }) => round)).toEqual([0, 1, 2]);
      expect(ofKind(journal, "acquire").map(({ ids }) => ids.length)).toEqual([8, 8]);
      expect(new Set(ofKind(journal, "label").map(({ id }) => id)).size).toBe(16 + 2 * 8);
      for (const { file, scored } of ofKind(journal, "score")) {
        const { ids, scores } = await readScores(files, `${folder(name)}/${file}`);
        expect(ids).toHaveLength(scored);
        expect(scores.every((score) => score >= 0 && score <= Math.log(3) + 1e-5), "entropy of three classes").toBe(
          true,
        );
        expect(new Set(scores).size).toBeGreaterThan(scored / 2);
      }
    }
  });

  it("holds as many tensors in one round as in another", () => {
    for (const [name, [, first, second]] of tensorsAt) expect(second, name).toBe(first);
    // Only the scalars stay that are made once: no model of a run is as small.
    expect(tensorsAfter).toBeLessThan(12);
  });

  it("leaves no tensor behind where it is abandoned in the middle of a training", async () => {
    for await (const event of execute(plan, { files: new MemoryFiles(), clock: restlessClock() })) {
      if (event.kind === "run" && event.event.kind === "training" && event.event.round === 1) break;
    }
    expect(memory().numTensors).toBe(tensorsAfter);
  });

  it("repeats to the byte, also from a crash", async () => {
    const self = { ...plan, runs: plan.runs.filter(({ config }) => config.name === "self") };
    const crashing = new MemoryFiles();
    crashing.crashAfter(28);
    await expect(executeAll(self, crashing)).rejects.toThrow("");
    const again = crashing.restart();
    await executeAll(self, again);
    const [expected, found] = [withoutSeconds(files.texts()), withoutSeconds(again.texts())];
    const compared = Object.keys(found).filter((path) => path !== "curves.csv");
    expect(compared.filter((path) => path.startsWith("trainings/"))).toHaveLength(3);
    for (const path of compared) expect(found[path], path).toBe(expected[path]);
  });
});
