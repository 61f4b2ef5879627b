import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it, type TestContext } from "vitest";
import { DenoFiles } from "../../cli/host/deno_files.ts";
import type { DataConfig } from "../../src/config/schema.ts";
import { InputError } from "../../src/errors.ts";
import { dataSizes } from "../../src/experiment/data_sizes.ts";
import { loadData } from "../../src/experiment/load_data.ts";
import { loadSummarised, loadTagged } from "../../src/experiment/load_examples.ts";
import { MemoryFiles } from "../host/memory_files.ts";
import { sharedFile } from "../shared.ts";
import { published } from "./published.ts";
import { classes, listOf, parquetFile, text } from "./readers/parquet_file.ts";

const assets = new MemoryFiles();
const bytes = (source: string) => new TextEncoder().encode(source);
const jsonLines = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row) + "\n").join("");

type Row = Readonly<Record<string, unknown>>;

/** The rows of a file of real data. */
function rowsOf(context: TestContext, path: string): Row[] {
  const source = readFileSync(sharedFile(context, `data/${path}`), "utf8");
  return source.trimEnd().split("\n").map((line): Row => JSON.parse(line));
}

/** A folder `data` of the user's. */
async function folder(files: Readonly<Record<string, string | Uint8Array>>) {
  const userFiles = new MemoryFiles();
  for (const [path, content] of Object.entries(files)) {
    await userFiles.write(`data/${path}`, typeof content === "string" ? bytes(content) : content);
  }
  return { assets, userFiles };
}

const inFolder = (name: string, changes: Partial<DataConfig> = {}) => published(name, { path: "data", ...changes });
const tagging = { text_name: "tokens", label_name: "ner_tags" };

describe("TREC in a folder", () => {
  const label = (rows: readonly Row[]) => rows.map(({ fine, text }) => `${fine} ${text}\n`).join("");
  const questions = [
    { fine: "NUM:dist", text: "How far is it ?" },
    { fine: "HUM:desc", text: "Who was Galileo ?" },
  ];

  it("is read as it was published, and says that it is small", async () => {
    const places = await folder({ "train_5500.label": label(questions), "TREC_10.label": label(questions.slice(1)) });
    const { train, test, labels, notices } = await loadData(inFolder("trec"), places);
    expect(train.map(({ text, label }) => [text, label])).toEqual([
      ["How far is it ?", "NUM"],
      ["Who was Galileo ?", "HUM"],
    ]);
    expect([test.length, labels]).toEqual([1, ["HUM", "NUM"]]);
    expect(notices).toEqual(["data set 'trec': 2 training and 1 test examples, where 5452 and 500 are published"]);
    const named = { train: "data/train_5500.label", test: "data/TREC_10.label" };
    expect((await loadData(published("trec", named), places)).train).toEqual(train);
  });

  it("has its published counts, as real rows in both forms", async (context) => {
    const [train, test] = [rowsOf(context, "trec/train.jsonl"), rowsOf(context, "trec/test.jsonl")];
    // As published: ISO-8859-1, with the stray byte.
    const original = label(train).replace(" Russia ?", "\u00f0Russia ?");
    const latin1 = Uint8Array.from(original, (letter) => letter.charCodeAt(0));
    const places = await folder({ "train_5500.label": latin1, "TREC_10.label": label(test) });
    const raw = await loadData(inFolder("trec"), places);
    using userFiles = new DenoFiles(dirname(sharedFile(context, "data/trec/train.jsonl")));
    const plain = await loadData(published("trec", { path: "." }), { assets, userFiles });
    for (const set of [raw, plain]) {
      expect([set.train.length, set.test.length]).toEqual([5452, 500]);
      expect(set.labels).toEqual(["ABBR", "DESC", "ENTY", "HUM", "LOC", "NUM"]);
      expect(set.notices).toBeUndefined();
    }
    const contents = (set: typeof raw) =>
      jsonLines([...set.train, ...set.test].map(({ text, label }) => [text, label]));
    // Strings: of thousands of rows, what a comparison of each would say takes its time.
    expect(contents(raw) === contents(plain)).toBe(true);
  });
});

describe("CoNLL-2003 in a folder", () => {
  const columns = (rows: readonly Row[], tagsOf = (tags: readonly string[]) => tags) =>
    "-DOCSTART- -X- O O\n\n" + rows.map(({ tokens, tags }) => {
      const written = tagsOf(tags as string[]);
      return (tokens as string[]).map((token, index) => `${token} NNP I-NP ${written[index]}\n`).join("") + "\n";
    }).join("");
  const rows = [{ tokens: ["EU", "rejects"], tags: ["B-ORG", "O"] }, { tokens: ["London"], tags: ["B-LOC"] }];

  it.each([
    ["eng.train", "eng.testa", "eng.testb"],
    ["train.txt", "valid.txt", "test.txt"],
    ["train.conll", "dev.conll", "test.conll"],
  ])("is read from %s, %s and %s", async (train, dev, test) => {
    const places = await folder({ [train]: columns(rows), [dev]: "x", [test]: columns(rows.slice(1)) });
    const data = inFolder("conll2003", tagging);
    const { train: own, test: held } = await loadTagged(data, places);
    expect(own.map(({ tokens, tags }) => ({ tokens, tags }))).toEqual(rows);
    expect(held).toHaveLength(1);
    expect(await dataSizes({ task: "tagging", data }, places)).toMatchObject({
      train: { examples: 2, tokens: 3, entities: 2 },
      test: { examples: 1, tokens: 1, entities: 1 },
      classes: ["LOC", "ORG"],
      notices: ["data set 'conll2003': 2 training and 1 test examples, where 14041 and 3453 are published"],
    });
  });

  it("becomes IOB2, as real rows of another corpus", async (context) => {
    const [train, test] = [rowsOf(context, "wnut17/train.jsonl"), rowsOf(context, "wnut17/test.jsonl")];
    const iob1 = (tags: readonly string[]) =>
      tags.map((tag, index) => {
        const before = tags[index - 1] ?? "O";
        return tag.startsWith("B-") && before.slice(2) !== tag.slice(2) ? `I-${tag.slice(2)}` : tag;
      });
    const places = await folder({ "eng.train": columns(train, iob1), "eng.testb": columns(test) });
    const set = await loadTagged(inFolder("conll2003", tagging), places);
    const contents = (rows: readonly { tokens?: unknown; tags?: unknown }[]) =>
      jsonLines(rows.map(({ tokens, tags }) => [tokens, tags]));
    expect(contents(set.train) === contents(train)).toBe(true);
    expect(contents(set.test) === contents(test)).toBe(true);
  });
});

describe("RuMedNER in a folder", () => {
  it("has its published counts, as RuMedBench has it and as Parquet", async (context) => {
    const parts = [rowsOf(context, "rumedner/train.jsonl"), rowsOf(context, "rumedner/test.jsonl")];
    const raw = parts.map((rows) =>
      jsonLines(rows.map(({ id, tokens, tags }) => ({ idx: id, tokens, ner_tags: tags })))
    );
    const names = [...new Set(parts.flat().flatMap(({ tags }) => tags as string[]))];
    const features = { id: text, tokens: listOf(text), ner_tags: listOf(classes(...names)) };
    const tables = parts.map((rows) => parquetFile(features, rows.map((row) => ({ ...row, ner_tags: row.tags }))));
    const data = inFolder("rumedner", { ...tagging, label_name: "tags" });
    const layouts: Record<string, string | Uint8Array>[] = [
      { "train_v1.jsonl": raw[0]!, "dev_v1.jsonl": "x", "test_v1.jsonl": raw[1]! },
      { "train-00000-of-00001.parquet": tables[0]!, "test-00000-of-00001.parquet": tables[1]! },
    ];
    for (const layout of layouts) {
      expect(await dataSizes({ task: "tagging", data }, await folder(layout))).toEqual({
        name: "rumedner",
        train: { examples: 3440, tokens: 48330, entities: 3261 },
        test: { examples: 693, tokens: 9856, entities: 645 },
        classes: ["ADR", "DI", "Drugclass", "Drugform", "Drugname", "Finding"],
        notices: [],
      });
    }
    const [first] = (await loadTagged(data, await folder(layouts[1]!))).train;
    expect(first).toEqual({ id: parts[0]![0]!.id, tokens: parts[0]![0]!.tokens, tags: parts[0]![0]!.tags });
  });
});

describe("CEDR in a folder", () => {
  it("has its published counts, from lists of emotions", async (context) => {
    const listed = (rows: readonly Row[]) =>
      jsonLines(rows.flatMap(({ id, text, label }, index) => [
        { id, text, labels: [label] },
        ...(index % 3 === 0 ? [{ id: `none-${id}`, text, labels: [] }] : []),
        ...(index % 5 === 0 ? [{ id: `both-${id}`, text, labels: [label, "fear"] }] : []),
      ]));
    const parts = [rowsOf(context, "cedr_single/train.jsonl"), rowsOf(context, "cedr_single/test.jsonl")];
    const places = await folder({ "train.jsonl": listed(parts[0]!), "test.jsonl": listed(parts[1]!) });
    const { train, test, labels, notices } = await loadData(inFolder("cedr"), places);
    expect([train.length, test.length]).toEqual([4378, 1128]);
    expect(train[0]).toEqual(parts[0]![0]);
    expect(labels).toEqual(["anger", "fear", "joy", "sadness", "surprise"]);
    expect(notices).toEqual([
      "data set 'cedr': of 6714 training and 1730 test rows, 2336 and 602 are left out: they show no emotion, or several",
    ]);
  });
});

describe("SAMSum in a folder", () => {
  const list = (rows: readonly Row[]) =>
    JSON.stringify(rows.map(({ id, dialogue, summary }) => ({ id, dialogue, summary })));
  const config = inFolder("samsum", { text_name: "dialogue", label_name: "summary" });

  it("is lists of chats with their summaries", async () => {
    const chat = { id: "1", dialogue: "A: hi", summary: "A greets." };
    const places = await folder({ "train.json": list([chat]), "val.json": "x", "test.json": list([chat]) });
    const { train, test } = await loadSummarised(config, places);
    expect(train).toEqual([{ id: "1", text: "A: hi", summary: "A greets." }]);
    expect(test).toEqual([{ id: "test-1", text: "A: hi", summary: "A greets." }]);
  });

  it("is so with real rows of another corpus", async (context) => {
    const [train, test] = [rowsOf(context, "mts_dialog/train.jsonl"), rowsOf(context, "mts_dialog/test.jsonl")];
    const places = await folder({ "train.json": list(train), "test.json": list(test) });
    const sizes = await dataSizes({ task: "seq2seq", data: config }, places);
    expect([sizes.train, sizes.test]).toEqual([{ examples: 1201 }, { examples: 200 }]);
    const { train: own } = await loadSummarised(config, places);
    expect(own[0]).toEqual({ id: train[0]!.id, text: train[0]!.dialogue, summary: train[0]!.summary });
  });
});

describe("a folder", () => {
  const mails = "text,label\na,ham\nb,spam\n";

  it("may hold a data set that nobody knows, under a name of one's own, and subsets", async () => {
    const places = await folder({ "work/train.csv": mails, "work/test.csv": mails, "home/train.csv": mails });
    const { name, train } = await loadData(inFolder("mine", { subset: "work" }), places);
    expect([name, train.length]).toEqual(["mine/work", 2]);
    await expect(loadData(inFolder("mine"), places)).rejects.toThrow("'mine' has several subsets");
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ["is not there", {}, /^data\.path: there are no files in data$/],
    [
      "holds something else",
      { "README.md": "x", "questions.txt": "y" },
      /^data\.path: data does not hold 'trec' as train_5500\.label and TREC_10\.label, or .*\nIt holds: README\.md, questions\.txt$/,
    ],
    ["lacks a part", { "train.csv": mails }, /^'trec' has no split 'test' or 'validation'\. There are: train\./],
  ])("is refused where it %s", async (_what, files, message) => {
    const places = await folder(files);
    await expect(loadData(inFolder("trec"), places)).rejects.toThrow(message);
    await expect(loadData(inFolder("trec"), places)).rejects.toThrow(InputError);
  });
});

describe("files of one's own", () => {
  it("may be tagged, in two files or in one that is split by its sentences", async () => {
    const sentences = Array.from({ length: 80 }, (_, index) => `word ${"O"}\nname${index % 40} B-PER\n\n`).join("");
    const { userFiles } = await folder({ "a.conll": sentences });
    const own = { train: "data/a.conll", ...tagging };
    const two = await loadTagged(published("mine", { ...own, test: "data/a.conll" }), { assets, userFiles });
    expect([two.train.length, two.test.length]).toEqual([80, 80]);
    const one = await loadTagged(published("mine", { ...own, test_fraction: 0.3 }), { assets, userFiles });
    const learned = new Set(one.train.map(({ tokens }) => tokens.join(" ")));
    expect(one.train.length + one.test.length).toBe(80);
    expect(one.test.length).toBeGreaterThan(5);
    expect(one.test.some(({ tokens }) => learned.has(tokens.join(" ")))).toBe(false);
  });
});
