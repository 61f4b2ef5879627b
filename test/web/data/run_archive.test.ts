import { assert, asyncProperty, constantFrom, nat, uint8Array } from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { InputError } from "../../../src/errors.ts";
import { below, type Files } from "../../../src/host.ts";
import type { Sources } from "../../../src/experiment/sources.ts";
import { fakeRun } from "../../report/fake_run.ts";
import type { ArchiveEntry } from "../../../web/data/archive_entry.ts";
import { curvesCsv, curvesSvg } from "../../../web/data/curves_export.ts";
import { exportLabels, exportRun } from "../../../web/data/export_run.ts";
import { importRun } from "../../../web/data/import_run.ts";
import { keepOwnData, ownDataPath, ownDataSets } from "../../../web/data/own_data.ts";
import { readPasted } from "../../../web/data/read_table.ts";
import { readZip } from "../../../web/data/zip/read_zip.ts";
import { Crash, MemoryFiles } from "../../host/memory_files.ts";
import { xmlFaults } from "../../report/svg_check.ts";
import { stubDirectory } from "./stub_directory.ts";

let kept: MemoryFiles;
let sources: Sources;
let entries: readonly ArchiveEntry[];
let notices: readonly string[];

beforeAll(async () => {
  ({ files: kept, sources } = await stubDirectory());
  const archive = await exportRun(below(kept, "runs/topics"), sources);
  expect(archive.file).toBe("topics.zip");
  ({ notices } = archive);
  ({ entries } = await readZip(archive.bytes, archive.file));
});

const encoder = new TextEncoder();
const textOf = (path: string, from = entries) =>
  new TextDecoder().decode(from.find((each) => each.path === path)?.bytes);
const jsonOf = (path: string) => JSON.parse(textOf(path));
const planWith = (data: { readonly train: string; readonly test: string | null }) => {
  const plan = jsonOf("plan.json");
  for (const experiment of plan.experiments) Object.assign(experiment.data, data);
  return JSON.stringify(plan);
};
const entriesOf = (texts: Record<string, string>): ArchiveEntry[] =>
  Object.entries(texts).map(([path, text]) => ({ path, bytes: encoder.encode(text) }));
const inFolder = (folder: string, from = entries) => from.map(({ path, bytes }) => ({ path: folder + path, bytes }));
const replaced = (
  path: string,
  text: string,
) => [...entries.filter((each) => each.path !== path), ...entriesOf({ [path]: text })];
const runsOf = (files: MemoryFiles) =>
  Object.fromEntries(Object.entries(files.texts()).filter(([path]) => path.startsWith("runs/")));

describe("the archive of a run", () => {
  it("holds the whole run directory, the data, what was labelled, and a config", () => {
    const own = Object.entries(kept.texts()).filter(([path]) => path.startsWith("runs/topics/"));
    expect(own.length).toBeGreaterThan(30);
    for (const [path, text] of own) expect(textOf(path.slice("runs/topics/".length))).toBe(text);
    const more = entries.map(({ path }) => path).filter((path) =>
      !own.some(([each]) => each === `runs/topics/${path}`)
    );
    expect(more).toEqual(["README.txt", "config.yaml", "data/topics-test.jsonl", "data/topics.jsonl", "labels.jsonl"]);
    expect(textOf("data/topics.jsonl")).toBe(kept.texts()["data/topics.jsonl"]);
    expect(notices).toEqual(["succeed.yaml is not in the archive: the task is stub"]);
    expect(textOf("README.txt")).toMatch(/^topics: a run directory of Pupil(.|\n)*pupil run config\.yaml --out \.\n/);
  });

  it("is the same each time", async () => {
    const again = await exportRun(below(kept, "runs/topics"), sources);
    expect((await readZip(again.bytes, "a.zip")).entries).toEqual(entries);
  });

  it("of a run that goes on holds every file of scores that its journals name", async () => {
    const files = kept.restart();
    const folder = "runs/topics/self/seed-0";
    const goesOn = async () => {
      await files.write(`${folder}/scores-9.bin`, (await files.read(`${folder}/scores-1.bin`))!);
      await files.append(
        `${folder}/journal.jsonl`,
        encoder.encode('{"event":"score","round":9,"scored":1,"file":"scores-9.bin","seconds":0}\n'),
      );
    };
    const run = below(files, "runs/topics");
    const going: Files = {
      ...run,
      async list(path) {
        const names = await run.list(path);
        if (path === "self/seed-0") await goesOn();
        return names;
      },
    };
    const { bytes } = await exportRun(going, { ...sources, userFiles: files });
    const { entries } = await readZip(bytes, "a.zip");
    const named = [...textOf("self/seed-0/journal.jsonl", entries).matchAll(/scores-\d+\.bin/g)].map(([name]) => name);
    const held = entries.map(({ path }) => path);
    expect(held).toEqual(expect.arrayContaining(named.map((name) => `self/seed-0/${name}`)));
  });

  it("gives the labels of the run that is asked for, else of one that is not random", async () => {
    const labels = async (...args: Parameters<typeof exportLabels>) =>
      (await exportLabels(...args)).trim().split("\n").map((line) => JSON.parse(line));
    const run = below(kept, "runs/topics");
    const first = await labels(run, sources);
    expect(first).toHaveLength(4 + 3 * 3);
    expect(first[0]).toEqual({
      id: expect.stringMatching(/^train-/),
      text: expect.any(String),
      label: expect.any(String),
      by: "gold",
      at: null,
    });
    expect(textOf("labels.jsonl")).toBe(first.map((row) => JSON.stringify(row) + "\n").join(""));
    expect(await labels(run, sources, { experiment: "self", seed: 0 })).toEqual(first);
    expect(await labels(run, sources, { experiment: "random", seed: 0 })).not.toEqual(first);
    await expect(exportLabels(run, sources, { experiment: "self", seed: 7 })).rejects.toThrow(
      "nothing is labelled yet",
    );
  });

  it("prefers what a person labelled, the last word on each text, and nothing that was declined", async () => {
    const files = kept.restart();
    const said = (id: string, label: string | null) => {
      const at = "2026-01-02T03:04:05.000Z";
      return JSON.stringify({ event: "label", round: 0, id, label, by: "me", at }) + "\n";
    };
    const ids = ["train-000", "train-001", "train-002"];
    await files.write(
      "runs/topics/asm-bag-64/seed-1/journal.jsonl",
      encoder.encode(
        JSON.stringify({ event: "warm_start", round: 0, ids }) + "\n" +
          said(ids[0]!, "spam") + said(ids[1]!, "news") + said(ids[2]!, "bills") + said(ids[0]!, "bills") +
          said(ids[1]!, null),
      ),
    );
    const rows = (await exportLabels(below(files, "runs/topics"), { ...sources, userFiles: files })).trim().split("\n");
    expect(rows.map((row) => JSON.parse(row)).map(({ id, label, by }) => [id, label, by])).toEqual([
      ["train-002", "bills", "me"],
      ["train-000", "bills", "me"],
    ]);
  });

  it("says what is not in it where the data are gone", async () => {
    const nothing = { ...sources, userFiles: new MemoryFiles() };
    const archive = await exportRun(below(kept, "runs/topics"), nothing);
    expect(archive.notices).toEqual([
      "data/topics.jsonl, which the plan reads, is not here, and so not in the archive",
      "data/topics-test.jsonl, which the plan reads, is not here, and so not in the archive",
      "succeed.yaml is not in the archive: data.train: there is no file data/topics.jsonl",
    ]);
    await expect(exportRun(below(kept, "runs/none"), sources)).rejects.toThrow(/not a run directory/);
  });

  it("gives curves as a table and as a drawing", async () => {
    const run = below(kept, "runs/topics");
    expect(await curvesCsv(run)).toBe(kept.texts()["runs/topics/curves.csv"]);
    const svg = await curvesSvg(run);
    expect(xmlFaults(svg)).toEqual([]);
    expect(svg).toMatch(/^<svg xmlns=/);
    await expect(curvesCsv(new MemoryFiles())).rejects.toThrow("there is no curve yet");
  });
});

describe("an archive that is opened", () => {
  const open = (files: MemoryFiles, from = entries) => importRun(files, from, "topics.zip");

  it("gives the run that it was made of, with its data", async () => {
    const files = new MemoryFiles();
    expect(await open(files)).toEqual({ name: "topics", known: false, notices: [] });
    expect(files.texts()).toEqual(kept.texts());
  });

  it("may have a folder around it, and what systems add", async () => {
    const files = new MemoryFiles();
    const junk = entriesOf({
      "__MACOSX/topics/._plan.json": "x",
      "topics/.DS_Store": "x",
      "topics/lock": "",
      "topics/self/seed-0/journal.jsonl.tmp": "x",
      "topics/report.html": "<script>",
    });
    expect((await open(files, [...inFolder("topics/"), ...junk])).notices).toEqual([]);
    expect(files.texts()).toEqual(kept.texts());
  });

  it("says how many files have no place in it", async () => {
    const files = new MemoryFiles();
    const strange = entriesOf({
      "a/notes.txt": "1",
      "a/self/seed-7/journal.jsonl": "",
      "a/other/seed-0/journal.jsonl": "",
      "b": "",
    });
    expect((await open(files, [...inFolder("a/"), ...strange])).notices).toEqual([
      `topics.zip: left out, as no part of a run directory: 4 of ${entries.length + 4} files`,
    ]);
    expect(files.texts()).toEqual(kept.texts());
  });

  it("is known again, and gets a number where another has its name", async () => {
    const files = new MemoryFiles();
    await open(files);
    expect(await open(files)).toMatchObject({ name: "topics", known: true });
    const curves = textOf("curves.csv").replace("topics", "topicz");
    expect(await open(files, replaced("curves.csv", curves))).toMatchObject({ name: "topics-2", known: false });
    expect(await open(files, replaced("curves.csv", curves))).toMatchObject({ name: "topics-2", known: true });
    expect(await files.list("runs")).toEqual(["topics", "topics-2"]);
    expect(await files.list("data")).toEqual(["topics-test.jsonl", "topics.jsonl"]);
  });

  it("leaves no half run, wherever the page is closed", async () => {
    const whole = new MemoryFiles();
    await open(whole);
    for (let changes = 0; changes < whole.changes; changes++) {
      const files = new MemoryFiles();
      files.crashAfter(changes);
      await expect(open(files)).rejects.toThrow(Crash);
      const after = files.restart();
      expect(after.texts()["runs/topics/plan.json"]).toBe(undefined);
      expect(await open(after)).toMatchObject({ name: "topics", known: false });
      expect(after.texts()).toEqual(kept.texts());
    }
  });

  it("puts its data beside others of their name, and the plan goes by the new one", async () => {
    const files = MemoryFiles.of({ "data/topics.jsonl": "other data" });
    await open(files);
    const { hash, experiments: [experiment] } = JSON.parse(files.texts()["runs/topics/plan.json"]!);
    expect(experiment.data).toMatchObject({
      dataset_name: "topics",
      train: "data/topics-2.jsonl",
      test: "data/topics-test.jsonl",
    });
    expect(hash).not.toBe(jsonOf("plan.json").hash);
    expect(files.texts()["data/topics.jsonl"]).toBe("other data");
    expect(files.texts()["data/topics-2.jsonl"]).toBe(textOf("data/topics.jsonl"));
    expect(await open(files)).toMatchObject({ known: true });
  });

  it("brings a data set of the person's own with all that is known of it", async () => {
    const files = new MemoryFiles();
    const table = readPasted("label\ttext\nx\tone\ny\ttwo");
    const columns = { text: "text", label: "label" };
    const own = await keepOwnData(files, table, { title: "My mails", columns, classes: ["z"] }, "2026-01-02");
    const plan = jsonOf("plan.json");
    for (const { data } of plan.experiments) {
      Object.assign(data, { dataset_name: null, train: "data/My-mails.jsonl", test: null, test_fraction: 0.5 });
    }
    const run = { "plan.json": JSON.stringify(plan) };
    const archive = await exportRun(MemoryFiles.of(run), { ...sources, userFiles: files });
    const opened = (await readZip(archive.bytes, "a.zip")).entries;
    const elsewhere = new MemoryFiles();
    await open(elsewhere, opened);
    expect(await ownDataSets(elsewhere)).toEqual([own]);
    const beside = MemoryFiles.of({ "data/My-mails.jsonl": "x" });
    await open(beside, opened);
    expect(await ownDataSets(beside)).toEqual([{ ...own, name: "My-mails-2" }]);
    const [experiment] = JSON.parse(beside.texts()["runs/topics/plan.json"]!).experiments;
    expect(experiment.data).toMatchObject({ dataset_name: "My-mails", train: "data/My-mails-2.jsonl" });
  });

  it("puts no data in the place of a part of the person's own, or under an embedded name", async () => {
    const files = MemoryFiles.of({ "data/mine.json": "{}" });
    const table = readPasted("label\ttext\nx\tone\ny\ttwo");
    const columns = { text: "text", label: "label" };
    const own = new MemoryFiles();
    const { name, ...summary } = await keepOwnData(own, table, { title: "t", columns }, "2026-01-02");
    const data = { train: "data/mail.jsonl", test: "data/mine.test.jsonl" };
    const archive = [
      ...entries.filter(({ path }) => !path.startsWith("data/") && path !== "plan.json"),
      ...entriesOf({
        "plan.json": planWith(data),
        [data.train]: own.texts()[ownDataPath(name)]!,
        "data/mail.json": JSON.stringify({ name: "mail", ...summary }),
        [data.test]: textOf("data/topics-test.jsonl"),
      }),
    ];
    for (const known of [false, true]) {
      expect(await open(files, archive)).toEqual({ name: "topics", known, notices: [] });
      expect(await files.list("data")).toEqual(["mail-2.json", "mail-2.jsonl", "mine.json", "mine.test-2.jsonl"]);
    }
  });

  it("of the command line has its data wherever they lay in its folder", async () => {
    const files = new MemoryFiles();
    const archive = [
      ...entries.filter(({ path }) => !path.startsWith("data/") && path !== "plan.json"),
      ...entriesOf({
        "plan.json": planWith({ train: "./texts.jsonl", test: "more\\test.jsonl" }),
        "texts.jsonl": textOf("data/topics.jsonl"),
        "more/test.jsonl": textOf("data/topics-test.jsonl"),
      }),
    ];
    expect(await open(files, archive)).toEqual({ name: "topics", known: false, notices: [] });
    expect(await files.list("data")).toEqual(["test.jsonl", "texts.jsonl"]);
    const [experiment] = JSON.parse(files.texts()["runs/topics/plan.json"]!).experiments;
    expect(experiment.data).toMatchObject({ train: "data/texts.jsonl", test: "data/test.jsonl" });
  });

  it("is looked at without data that lay outside its folder", async () => {
    const files = new MemoryFiles();
    const asked: string[] = [];
    const watched = Object.assign(Object.create(files), {
      read: (path: string) => {
        asked.push(path);
        return files.read(path);
      },
      write: files.write.bind(files),
      list: files.list.bind(files),
      removeFolder: files.removeFolder.bind(files),
    });
    const [train, test] = ["../texts.jsonl", "C:\\texts.jsonl"];
    const { notices } = await open(watched, [
      ...entries.filter(({ path }) => !path.startsWith("data/") && path !== "plan.json"),
      ...entriesOf({ "plan.json": planWith({ train, test }) }),
    ]);
    expect(notices).toEqual([
      `topics.zip: its data, ${train} and ${test}, are not in it: the run can be looked at, and not continued`,
    ]);
    expect(asked, "storage refuses such names").not.toContain(train);
  });

  it("may have its data around it, where it was run from", async () => {
    const files = new MemoryFiles();
    const inside = inFolder("runs/topics/", entries.filter(({ path }) => !path.startsWith("data/")));
    const around = entries.filter(({ path }) => path.startsWith("data/"));
    expect((await open(files, [...inside, ...around])).notices).toEqual([]);
    expect(files.texts()).toEqual(kept.texts());
  });

  it("can be looked at without its data, and says so", async () => {
    const files = new MemoryFiles();
    expect(await importRun(files, entriesOf(fakeRun()), "fake.zip")).toEqual({
      name: "trec-group",
      known: false,
      notices: [],
    });
    const { notices } = await open(files, entries.filter(({ path }) => !path.startsWith("data/")));
    expect(notices).toEqual([
      "topics.zip: its data, data/topics.jsonl and data/topics-test.jsonl, are not in it: the run can be looked at, and not continued",
    ]);
  });

  it.each<[what: string, change: () => ArchiveEntry[], message: RegExp]>([
    [
      "without a plan",
      () => entriesOf({ "a/b": "" }),
      /^topics\.zip: no run directory is in it, for there is no plan\.json/,
    ],
    [
      "with two runs",
      () => [...inFolder("a/"), ...inFolder("b/")],
      /^topics\.zip: 2 run directories are in it: a\/, b\/\. Open one/,
    ],
    ["with a broken plan", () => replaced("plan.json", "{"), /^topics\.zip: plan\.json: not JSON$/],
    ["with another plan", () => replaced("plan.json", "{}"), /^topics\.zip: plan\.json: not a plan: /],
    [
      "with a torn setting",
      () => replaced("plan.json", textOf("plan.json").replace('"lr": 0.001', '"lr": -1')),
      /^topics\.zip: plan\.json: experiment 'random': acquisition_model\.training\.lr: expected a number above 0\n/,
    ],
    [
      "with a setting of another version",
      () => replaced("plan.json", textOf("plan.json").replace('"strategy"', '"new": 1, "strategy"')),
      /^topics\.zip: plan\.json: experiment 'random': al\.new: expected/,
    ],
    [
      "with a name that leads elsewhere",
      () => replaced("plan.json", textOf("plan.json").replace('"name": "self"', '"name": ".."')),
      /^topics\.zip: plan\.json: experiment '\.\.': name: expected letters/,
    ],
    [
      "with two experiments of one name",
      () => replaced("plan.json", textOf("plan.json").replace('"name": "self"', '"name": "Random"')),
      /two experiments have one name/,
    ],
    [
      "with a journal that is none",
      () => replaced("self/seed-0/journal.jsonl", "{}\n"),
      /^topics\.zip: self\/seed-0\/journal\.jsonl:1: not a journal event/,
    ],
    [
      "with a training that is none",
      () => replaced("trainings/a.json", "[]"),
      /^topics\.zip: trainings\/a\.json: not a training/,
    ],
    ["with curves that are none", () => replaced("curves.csv", "a,b\n1,2\n"), /^topics\.zip: curves\.csv/],
    [
      "with scores that are none",
      () => replaced("self/seed-0/scores-1.bin", "x"),
      /^topics\.zip: self\/seed-0\/scores-1\.bin is not a file of scores/,
    ],
  ])("is refused %s, and nothing is kept", async (_what, change, message) => {
    const files = new MemoryFiles();
    const failed = await open(files, change()).then(() => undefined, (thrown) => thrown);
    expect(failed).toBeInstanceOf(InputError);
    expect(failed.message).toMatch(message);
    expect(files.texts()).toEqual({});
  });

  it("of any bytes is a run or a mistake in words", async () => {
    const paths = entries.map(({ path }) => path);
    await assert(
      asyncProperty(constantFrom(...paths), uint8Array({ maxLength: 50 }), nat(100), async (path, bytes, at) => {
        const changed = entries.map((entry) => {
          if (entry.path !== path) return entry;
          const cut = Math.floor((entry.bytes.length * at) / 100);
          return {
            path,
            bytes: Uint8Array.from([
              ...entry.bytes.subarray(0, cut),
              ...bytes,
              ...entry.bytes.subarray(cut + bytes.length),
            ]),
          };
        });
        const files = new MemoryFiles();
        const failed = await open(files, changed).then(() => undefined, (thrown) => thrown);
        if (failed) expect(failed).toBeInstanceOf(InputError);
        expect(Object.keys(runsOf(files)).length > 0).toBe(failed === undefined);
      }),
      { numRuns: 200 },
    );
  });
});
