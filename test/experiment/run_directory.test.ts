import { describe, expect, it } from "vitest";
import type { ExperimentConfig } from "../../src/config/schema.ts";
import { InputError } from "../../src/errors.ts";
import { beginPlan, begunPlan, type PlanIdentity } from "../../src/experiment/run_directory.ts";
import { isFinished, statusOf } from "../../src/experiment/status.ts";
import { execute } from "../../src/experiment/execute.ts";
import { MemoryFiles } from "../host/memory_files.ts";
import { executeAll, experiment, group, prepareStub, restlessClock } from "./stub_plan.ts";

const identity = (experiments: readonly ExperimentConfig[], data = "f00"): PlanIdentity => ({
  name: "mine",
  experiments,
  data: { topics: data },
});

async function begun(plan: PlanIdentity): Promise<MemoryFiles> {
  const files = new MemoryFiles();
  await beginPlan(files, plan, { pupil: "1" }, "some adapter");
  return files;
}

async function refusal(files: MemoryFiles, plan: PlanIdentity): Promise<string> {
  const thrown = await begunPlan(files, plan).then(() => undefined, (reason) => reason);
  expect(thrown).toBeInstanceOf(InputError);
  expect((thrown as InputError).message.split("\n").length).toBeLessThanOrEqual(2);
  return (thrown as InputError).message;
}

describe("a run directory", () => {
  it("is new where it has no plan, and else is known by the plan it was begun with", async () => {
    expect(await begunPlan(new MemoryFiles(), identity(group()))).toBeUndefined();
    const record = await begunPlan(await begun(identity(group())), identity(group()));
    expect(record).toMatchObject({ name: "mine", adapter: "some adapter", versions: { pupil: "1" } });
    expect(record!.experiments).toEqual(group());
  });

  it("never mixes two plans, and says which keys differ", async () => {
    const files = await begun(identity(group()));
    const before = files.texts();
    expect(await refusal(files, identity(group({ al: { step_p_or_n: 5 } })))).toMatch(
      /^memory: was begun with another plan: random: al\.step_p_or_n was 3, is 5; self: al\.step_p_or_n was 3, is 5; .*\n.*--out$/,
    );
    expect(await refusal(files, identity(group().slice(1)))).toMatch(/: random: is gone\n/);
    expect(await refusal(files, identity([...group(), experiment({ name: "more" })]))).toMatch(/: more: is new\n/);
    expect(files.texts()).toEqual(before);
  });

  it("names no more differences than a person reads", async () => {
    const files = await begun(identity(group()));
    const other = group({ metric: "macro_f1", al: { init_p_or_n: 9, step_p_or_n: 9 } });
    expect(await refusal(files, identity(other))).toMatch(/; and 6 more\n/);
  });

  it("is not continued with other data", async () => {
    expect(await refusal(await begun(identity(group())), identity(group(), "ba5"))).toBe(
      "memory: was begun with other data: topics has changed since\nGive this run a folder of its own with --out",
    );
  });

  it.each(["", "{", "[]", "null", '{"experiments": 3}', "\u0000"])(
    "refuses a plan.json that is none: %j",
    async (text) => {
      expect(await refusal(MemoryFiles.of({ "plan.json": text }), identity(group()))).toBe(
        "memory:plan.json: not a plan. Expected what run or demo wrote",
      );
    },
  );
});

describe("the status of a plan", () => {
  it("counts points and labels of every run, begun or not, and changes nothing", async () => {
    const experiments = group({ seeds: [0, 1] });
    const plan = await prepareStub(experiments);
    const files = new MemoryFiles();
    for await (const event of execute(plan, { files, clock: restlessClock() })) {
      if (event.kind !== "run" || event.event.kind !== "journal" || event.run.experiment !== "self") continue;
      if (event.event.event.event === "evaluate" && event.event.event.round === 1) break;
    }
    const { changes } = files;
    const statuses = await statusOf(files, experiments);
    expect(statuses.map(({ experiment, seed, done, of, labelled }) => [experiment, seed, done, of, labelled])).toEqual([
      ["random", 0, 4, 4, 13],
      ["random", 1, 0, 4, 0],
      ["self", 0, 2, 4, 7],
      ["self", 1, 0, 4, 0],
      ["asm-encoder-32", 0, 0, 4, 0],
      ["asm-encoder-32", 1, 0, 4, 0],
      ["asm-bag-64", 0, 0, 4, 0],
      ["asm-bag-64", 1, 0, 4, 0],
    ]);
    expect(statuses[0]!.score).toBeGreaterThan(0);
    expect(statuses[1]!.score).toBeUndefined();
    expect(isFinished(statuses)).toBe(false);
    expect(files.changes).toBe(changes);

    await executeAll(plan, files);
    expect(isFinished(await statusOf(files, experiments))).toBe(true);
  });
});
