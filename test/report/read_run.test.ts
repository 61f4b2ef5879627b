import { describe, expect, it } from "vitest";
import { InputError } from "../../src/errors.ts";
import { readRun } from "../../src/report/read_run.ts";
import { fakeOptions, fakeRun } from "./fake_run.ts";
import { MemoryFiles } from "../host/memory_files.ts";

const whole = fakeRun();
const without = (...paths: string[]) =>
  Object.fromEntries(Object.entries(whole).filter(([path]) => !paths.some((part) => path.startsWith(part))));
const refusal = (texts: Record<string, string>) =>
  readRun(MemoryFiles.of(texts)).then(() => undefined, (error) => error);

describe("reading a run directory", () => {
  it("finds the plan, every curve, every journal and every training", async () => {
    const data = await readRun(MemoryFiles.of(whole));
    expect(data.plan.experiments.map(({ name }) => name)).toEqual(["random", "self", "distilled", "mismatched"]);
    expect(data.curves).toHaveLength(4 * fakeOptions.seeds.length);
    expect(data.runs).toHaveLength(4 * fakeOptions.seeds.length);
    expect(data.trainings.size).toBe(Object.keys(whole).filter((path) => path.startsWith("trainings/")).length);
    expect(data.notices).toEqual([]);
  });

  it("takes a run that has not begun, or has no curves or trainings, and says so", async () => {
    const data = await readRun(MemoryFiles.of(without("mismatched/seed-2", "curves.csv", "trainings")));
    expect(data.curves).toEqual([]);
    expect(data.runs).toHaveLength(11);
    expect(data.trainings.size).toBe(0);
    expect(data.notices).toEqual([
      "No learning curve is there yet: no run has been evaluated.",
      "mismatched, seed 2 has not begun.",
    ]);
  });

  it("drops a torn last line of a journal, and says so", async () => {
    const path = "self/seed-0/journal.jsonl";
    const data = await readRun(MemoryFiles.of({ ...whole, [path]: whole[path]!.slice(0, -9) }));
    expect(data.notices).toEqual([
      `memory:${path}: the last line was cut short by a crash and is left out.`,
      "self, seed 0 has reached round 14 of 15.",
    ]);
    expect(data.runs.find(({ experiment, seed }) => experiment === "self" && seed === 0)!.events.at(-1)!.event).toBe(
      "train",
    );
  });

  it.each([
    ["a folder without a plan", without("plan.json"), /^memory:: not a run directory, for it has no plan\.json/],
    ["a plan that is no JSON", { ...whole, "plan.json": "{" }, /^memory:plan\.json: not JSON/],
    ["a plan of something else", { ...whole, "plan.json": "{}" }, /^memory:plan\.json: not a plan: name/],
    [
      "a training of something else",
      { ...whole, "trainings/x.json": '{"training":"x"}' },
      /^memory:trainings\/x\.json: not a training/,
    ],
    ["curves that do not parse", { ...whole, "curves.csv": "a,b\n" }, /^memory:curves\.csv:1: missing columns/],
    [
      "a journal that does not parse",
      { ...whole, "self/seed-1/journal.jsonl": "x\n" },
      /^memory:self\/seed-1\/journal\.jsonl:1: not JSON/,
    ],
  ])("refuses %s", async (_, texts, message) => {
    const error = await refusal(texts);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(message);
  });
});
