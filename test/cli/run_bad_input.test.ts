import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isSoftware, requestAdapter } from "../../src/gpu/adapter.ts";
import { listingFile } from "../config/resolve.ts";
import { topicRows } from "../experiment/stub_plan.ts";
import { callPupil, type Ended, startPupil } from "./call_pupil.ts";
import { csvOf, writeTinyPlan } from "./topic_files.ts";

let cwd: string;
const write = (path: string, content: string | Uint8Array) => writeFileSync(join(cwd, path), content);
const call = (...args: string[]) => callPupil(cwd, ...args);

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), "pupil-run-"));
  writeTinyPlan(cwd);
  write("no_text.csv", "body,label\nhello,news\n");
  write("no_label.csv", "text,folder\nhello,news\n");
  write("empty.csv", "");
  write("header.csv", "text,label\n");
  write("foreign.csv", "text,label\nhello,sport\n");
  write("twice.csv", "id,text,label\n1,hello,news\n1,there,spam\n");
  write("latin1.csv", new Uint8Array([...new TextEncoder().encode("text,label\nna"), 0xef, 0x76, 0x65, 0x0a]));
  write("unlabelled.csv", "text,label\nhello,news\nthere,\n");
  write("torn.yaml", "defaults: [al_cls]\nal:\n  strategy: [lc\n");
  write("latin1.yaml", new Uint8Array([0x61, 0xef, 0x0a]));
  write("blank.yaml", "# nothing\n");
  const finished = await call("run", "tiny.yaml", "--out", "finished");
  if (finished.code !== 0) throw new Error(finished.stderr);
});
afterAll(() => rmSync(cwd, { recursive: true }));

/** One or two lines on stderr, nothing on stdout, no stack. */
function expectRefusal({ code, stdout, stderr }: Ended, message: string | RegExp): void {
  expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^pupil: [^\n]+\n([^\n]+\n)?$/);
  expect(stderr).not.toMatch(/defect|\bat .*:\d+:\d+/);
  expect(stderr).toMatch(message);
}

const train = (file: string, ...more: string[]) => [`data.train=${file}`, ...more];

describe("a mistake of the user's ends with 2, before anything is written", () => {
  const mistakes: [what: string, args: string[], message: string | RegExp][] = [
    ["an unknown command", ["rnu", "tiny.yaml"], "unknown command 'rnu'. Did you mean reu?"],
    ["an unknown flag", ["run", "tiny.yaml", "--dryrun"], "unknown flag --dryrun. Did you mean --dry-run?"],
    ["no config", ["run"], "an argument is missing"],
    ["an argument without =", ["run", "tiny.yaml", "margin"], "'margin' is no key=value"],
    [
      "an unknown key",
      ["run", "tiny.yaml", "al.stratgey=lc"],
      "command line: config key al.stratgey is unknown. Did you mean al.strategy?",
    ],
    [
      "an unknown strategy",
      ["run", "tiny.yaml", "al.strategy=entrpy"],
      "tiny: al.strategy: unknown strategy 'entrpy'. Did you mean entropy?",
    ],
    [
      "an unknown data set",
      ["run", "tiny.yaml", "data.train=null", "data.test=null", "data.dataset_name=mial"],
      "data.dataset_name: unknown data set 'mial'. Did you mean mail?",
    ],
    [
      "an unknown model",
      ["run", "tiny.yaml", "acquisition_model.name=bag-46"],
      "acquisition_model.name: unknown model 'bag-46'. Did you mean bag-64?",
    ],
    [
      "an unknown metric",
      ["run", "tiny.yaml", "metric=f1"],
      "tiny: metric: task 'classification' has no metric 'f1'. It has: accuracy, ",
    ],
    ["a config that is not there", ["run", "tyni.yaml"], "tyni.yaml: no such file"],
    ["a config that is not YAML", ["run", "torn.yaml"], /torn\.yaml:\d+:\d+: not YAML: /],
    ["a config that is not UTF-8", ["run", "latin1.yaml"], "latin1.yaml: not UTF-8"],
    ["an empty config", ["run", "blank.yaml"], "blank.yaml: the config is empty"],
    [
      "a warm start of 0",
      ["run", "tiny.yaml", "al.init_p_or_n=0"],
      /al\.init_p_or_n: found 0, expected a fraction between 0 and 1, or a whole number from 1 up/,
    ],
    ["a step of 0", ["run", "tiny.yaml", "al.step_p_or_n=0"], /al\.step_p_or_n: found 0, expected/],
    [
      "a warm start beyond the data",
      ["run", "tiny.yaml", "al.init_p_or_n=41"],
      "tiny: al.init_p_or_n takes 41 examples; data set 'train' has 40 to label",
    ],
    ["a file that is not there", ["run", "tiny.yaml", ...train("tarin.csv")], "tarin.csv: no such file"],
    [
      "a format that nobody knows",
      ["run", "tiny.yaml", ...train("tiny.yaml")],
      /tiny\.yaml: .* Known are: \.jsonl, .*\.csv/,
    ],
    [
      "a file without a text column",
      ["run", "tiny.yaml", ...train("no_text.csv")],
      /no_text\.csv: no column 'text'\. The file has: body, label\n.*data\.text_name=COLUMN/,
    ],
    [
      "a file without a label column",
      ["run", "tiny.yaml", ...train("no_label.csv")],
      /no_label\.csv: no column 'label'\. The file has: text, folder\n.*data\.label_name=COLUMN/,
    ],
    ["an empty file", ["run", "tiny.yaml", ...train("empty.csv")], "empty.csv: the file is empty"],
    ["a file of a header alone", ["run", "tiny.yaml", ...train("header.csv")], "header.csv: the file has no rows"],
    [
      "a row without a label",
      ["run", "tiny.yaml", ...train("unlabelled.csv")],
      "unlabelled.csv:3: no label. Every training row needs one of: news",
    ],
    [
      "a label that training never has",
      ["run", "tiny.yaml", "data.test=foreign.csv"],
      /has the label 'sport', which no training row has\nTraining has: bills, news, spam/,
    ],
    [
      "an id that stands twice",
      ["run", "tiny.yaml", ...train("twice.csv")],
      "twice.csv:3: the id '1' stands on line 2 already. Ids must be unique",
    ],
    [
      "a file that is not UTF-8",
      ["run", "tiny.yaml", ...train("latin1.csv")],
      "latin1.csv:2: not UTF-8: byte 13 is 0xef. Save the file as UTF-8",
    ],
    ["a text longer than the model takes", [
      "run",
      "tiny.yaml",
      "acquisition_model.name=encoder-32",
      "training.max_length=9999",
    ], /training\.max_length is 9999; model 'encoder-32' takes at most \d+ tokens/],
  ];

  it.each(mistakes)("%s", async (_what, args, message) => {
    expectRefusal(await call(...args), message);
    expect(existsSync(join(cwd, "runs"))).toBe(false);
  });

  it.each([2, 3, 5])("a part that is not there yet is named: listing %i of the thesis", async (number) => {
    expectRefusal(await call("run", listingFile(number)), /: task '[^']+' is not there yet/);
    expect(existsSync(join(cwd, "runs"))).toBe(false);
  });
});

describe("a run directory", () => {
  /** A copy of the finished one. */
  const copied = (name: string) => {
    cpSync(join(cwd, "finished"), join(cwd, name), { recursive: true });
    return name;
  };
  const contents = (folder: string) =>
    ["plan.json", "curves.csv", "tiny/seed-0/journal.jsonl"].map((path) =>
      readFileSync(join(cwd, folder, path), "utf8")
    );

  it("that is finished is left as it is, and says so", async () => {
    const before = contents("finished");
    const { code, stderr, stdout } = await call("run", "tiny.yaml", "--out", "finished");
    expect([code, stderr]).toEqual([0, "finished is finished already; its plan has not changed\n"]);
    expect(stdout).toContain(join("finished", "report.html"));
    expect(contents("finished")).toEqual(before);
  });

  it("gets its last point although the process that finished it died before", async () => {
    const folder = copied("stale");
    const whole = readFileSync(join(cwd, folder, "curves.csv"), "utf8");
    const stale = whole.replace(/,score_1/, "").replace(/,[^,\n]*\n$/, "\n");
    write(join(folder, "curves.csv"), stale);
    expect(stale).not.toBe(whole);
    expect((await call("run", "tiny.yaml", "--out", folder)).code).toBe(0);
    expect(readFileSync(join(cwd, folder, "curves.csv"), "utf8")).toBe(whole);
  });

  it("of another plan is refused, and named are the keys that differ", async () => {
    const before = contents("finished");
    expectRefusal(
      await call("run", "tiny.yaml", "--out", "finished", "al.step_p_or_n=5", "training.lr=1"),
      /finished was begun with another plan: tiny: al\.step_p_or_n was 4, is 5; .*training\.lr was 0\.002, is 1.*\n.*--out/,
    );
    expect(contents("finished")).toEqual(before);
  });

  it("is not continued with data that have changed", async () => {
    const folder = copied("changed");
    const usual = readFileSync(join(cwd, "train.csv"));
    write("train.csv", csvOf(topicRows("train", 41)));
    try {
      expectRefusal(
        await call("run", "tiny.yaml", "--out", folder),
        /changed was begun with other data: train has changed since\n.*--out/,
      );
    } finally {
      write("train.csv", usual);
    }
  });

  it("with a broken line in the middle of a journal is refused, with file and line", async () => {
    const folder = copied("broken");
    const journal = join(folder, "tiny/seed-0/journal.jsonl");
    const lines = readFileSync(join(cwd, journal), "utf8").split("\n");
    write(journal, [...lines.slice(0, 4), lines[4]!.slice(0, 9), ...lines.slice(5)].join("\n"));
    for (const command of [["run", "tiny.yaml", "--out", folder], ["status", folder], ["report", folder]]) {
      expectRefusal(await call(...command), `${journal}:5: not JSON. Expected a journal event, one object a line`);
    }
  });

  it("whose plan.json is something else is refused", async () => {
    const folder = copied("no_plan");
    write(join(folder, "plan.json"), "{}");
    expectRefusal(await call("run", "tiny.yaml", "--out", folder), /no_plan\/plan\.json: not a plan/);
    expectRefusal(await call("status", folder), /no_plan\/plan\.json: not a plan/);
  });

  it("that cannot be written is a failure: 1", async () => {
    for (const out of ["train.csv/run", "/proc/pupil-run"]) {
      const { code, stderr } = await call("run", "tiny.yaml", "--out", out);
      expect(code, stderr).toBe(1);
      expect(stderr).toMatch(new RegExp(`^pupil: cannot (read|write) .*${out}/[a-z.]+: [a-z ]+\n$`, "m"));
      expect(stderr).not.toMatch(/defect|\bat .*:\d+:\d+/);
    }
  });
});

describe("a pool with fewer examples than the steps take", () => {
  it("is used up, with notices, and that is success", async () => {
    const { code, stderr } = await call("run", "tiny.yaml", "--out", "short", "al.step_p_or_n=20", "al.num_queries=3");
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("the plan would label 68 examples; data set 'train' has 40. ");
    expect(stderr).toContain("tiny, seed 0: round 2: only 12 left of the 20 examples that a step takes; all are taken");
    const journal = readFileSync(join(cwd, "short/tiny/seed-0/journal.jsonl"), "utf8");
    expect(journal.match(/"event":"evaluate"/g)).toHaveLength(4);
  });
});

describe("the adapter", () => {
  it("is refused where a real GPU is present but only a software adapter is found, unless --software is given", async (context) => {
    const { info } = await requestAdapter(navigator.gpu, { software: true });
    if (!isSoftware(info)) context.skip("the adapter here is a real one");
    const before = Deno.env.get("PUPIL_GPU");
    Deno.env.set("PUPIL_GPU", "NVIDIA (/dev/nvidiactl)");
    try {
      expectRefusal(
        await call("run", "tiny.yaml", "--out", "refused"),
        /this machine has a GPU, NVIDIA \(\/dev\/nvidiactl\), but only the software adapter .*\n.*--software/,
      );
      expect(existsSync(join(cwd, "refused"))).toBe(false);
      expect((await call("run", "tiny.yaml", "--out", "slow", "--software")).code).toBe(0);
    } finally {
      if (before === undefined) Deno.env.delete("PUPIL_GPU");
      else Deno.env.set("PUPIL_GPU", before);
    }
  });

  it("of another name is a failure that names the one there is", async () => {
    const { code, stderr } = await call("run", "tiny.yaml", "--out", "named", "--adapter", "GeForce 256");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^pupil: no adapter is called 'GeForce 256'; the host offers '.+'\n$/);
  });

  it("that is missing is a failure that says what to install; a finished plan needs none", async () => {
    const none = "/nonexistent";
    const env = { VK_DRIVER_FILES: none, VK_ICD_FILENAMES: none, __EGL_VENDOR_LIBRARY_FILENAMES: none };
    const missing = await startPupil(cwd, ["run", "tiny.yaml", "--out", "no_adapter"], env).ended;
    expect(missing.code).toBe(1);
    expect(missing.stderr).toMatch(
      /^pupil: no GPU adapter\. On Debian: apt-get install mesa-vulkan-drivers libvulkan1\. Then: \.\/pupil doctor\n$/m,
    );
    expect(existsSync(join(cwd, "no_adapter"))).toBe(false);
    const finished = await startPupil(cwd, ["run", "tiny.yaml", "--out", "finished"], env).ended;
    expect(finished.code, finished.stderr).toBe(0);
  });
});
