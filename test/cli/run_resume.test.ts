import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { random } from "../../src/random.ts";
import { withoutSeconds } from "../experiment/stub_plan.ts";
import { callPupil, type Ended, startPupil } from "./call_pupil.ts";
import { writeTinyPlan } from "./topic_files.ts";

/** Random selection, and a strategy over a pool that ups subsamples: queries 2 and 3 go by the scores of earlier ones. */
const plan = `
data: {dataset_name: topics, train: train.csv, test: test.csv, validation: 0.1}
al: {init_p_or_n: 4, step_p_or_n: 3, num_queries: 4}
training: {step_rule: fixed, steps: 12, lr: 5e-3, max_length: 8, batch_size_args: {batch_size: 4}}
tasks:
  - {name: random, config_name: al_cls, args: acquisition_model.name=bag-64 al.strategy=random, seeds: [0]}
  - {name: ups, config_name: al_cls, args: acquisition_model.name=bag-64 al.sampling_type=ups al.ups.gamma=0.3, seeds: [0]}
`;
const experiments = ["random", "ups"];

let cwd: string;
let whole: Record<string, string>;

const run = (out: string) => startPupil(cwd, ["run", "plan.yaml", "--out", out]);

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), "pupil-resume-"));
  writeTinyPlan(cwd);
  writeFileSync(join(cwd, "plan.yaml"), plan);
  const { code, stderr } = await run("whole").ended;
  if (code !== 0) throw new Error(stderr);
  whole = contents("whole");
});
afterAll(() => rmSync(cwd, { recursive: true }));

const journalPath = (experiment: string) => `${experiment}/seed-0/journal.jsonl`;

function journal(out: string, experiment: string): string {
  const path = join(cwd, out, journalPath(experiment));
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

const lines = (out: string) =>
  experiments.reduce((sum, experiment) => sum + journal(out, experiment).split("\n").length - 1, 0);

/** What must not depend on how often a run was stopped. */
function contents(out: string): Record<string, string> {
  const scores = readdirSync(join(cwd, out, "ups/seed-0")).filter((name) => name.endsWith(".bin"));
  return {
    ...withoutSeconds(Object.fromEntries(experiments.map((each) => [journalPath(each), journal(out, each)]))),
    ...Object.fromEntries(scores.map((name) => [name, readFileSync(join(cwd, out, "ups/seed-0", name), "base64")])),
    "curves.csv": readFileSync(join(cwd, out, "curves.csv"), "utf8"),
  };
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Sends a signal once the journals have so many lines, or a moment after; gives how the process ended. */
async function stopAt(count: number, later: number, out: string, signal: Deno.Signal): Promise<Ended> {
  const started = run(out);
  let over = false;
  started.ended.then(() => over = true);
  while (!over && lines(out) < count) await sleep(3);
  await sleep(later);
  if (!over) started.kill(signal);
  return await started.ended;
}

describe("a run that is stopped and started again", () => {
  it("by SIGKILL, at moments that nobody chose, gives the same curves and journals to the byte", async () => {
    const chance = random("moments of death");
    let killed = 0;
    const runOnce = () => {
      const before = existsSync(join(cwd, "killed")) ? lines("killed") : 0;
      return stopAt(before + 1 + chance.below(48), chance.below(60), "killed", "SIGKILL");
    };
    let ended = await runOnce();
    for (; ended.code === 128 + 9; ended = await runOnce()) killed++;
    expect(ended.code, ended.stderr).toBe(0);
    expect(killed).toBeGreaterThan(1);
    expect(contents("killed")).toEqual(whole);
  });

  it("by Ctrl-C ends with 130 and whole lines, and goes on", async () => {
    const { code, stdout, stderr } = await stopAt(23, 0, "interrupted", "SIGINT");
    expect([code, stdout]).toEqual([130, ""]);
    expect(stderr).toMatch(/^pupil: interrupted; run the same command again to continue$/m);
    expect(stderr).not.toMatch(/defect|\bat .*:\d+:\d+/);
    for (const experiment of experiments) {
      expect(whole[journalPath(experiment)]!.startsWith(withoutSeconds({ x: journal("interrupted", experiment) }).x!))
        .toBe(true);
      expect(journal("interrupted", experiment)).toMatch(/^$|\n$/);
    }
    const again = await run("interrupted").ended;
    expect(again.code, again.stderr).toBe(0);
    expect(again.stderr).toContain("continuing interrupted on ");
    expect(contents("interrupted")).toEqual(whole);
  });

  it("is kept from a second process while the first one runs", async () => {
    const first = run("held");
    while (!existsSync(join(cwd, "held/plan.json"))) await sleep(3);
    first.kill("SIGSTOP");
    const second = await callPupil(cwd, "run", "plan.yaml", "--out", "held");
    first.kill("SIGKILL");
    await first.ended;
    expect(second.code).toBe(2);
    expect(second.stderr).toMatch(/^pupil: held: another process is running in this folder\n.*--out\n$/);
  });
});
