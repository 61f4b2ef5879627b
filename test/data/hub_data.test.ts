import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DataConfig } from "../../src/config/schema.ts";
import { Failure, InputError } from "../../src/errors.ts";
import { dataSizes } from "../../src/experiment/data_sizes.ts";
import { loadData } from "../../src/experiment/load_data.ts";
import { loadSummarised, loadTagged } from "../../src/experiment/load_examples.ts";
import { openHub } from "../../src/hub/open_hub.ts";
import { MemoryFiles } from "../host/memory_files.ts";
import { LoopbackHub } from "../hub/loopback_hub.ts";
import { published } from "./published.ts";
import { classes, listOf, number, parquetFile, text } from "./readers/parquet_file.ts";

const CONVERTED = "refs/convert/parquet";
const bytes = (source: string) => new TextEncoder().encode(source);
const jsonLines = (rows: readonly unknown[]) => bytes(rows.map((row) => JSON.stringify(row) + "\n").join(""));

let hub: LoopbackHub;
let cache: MemoryFiles;

beforeEach(() => {
  hub = new LoopbackHub("bert-tiny", new Map());
  cache = new MemoryFiles();
});
afterEach(() => hub.close());

const places = (variables: Readonly<Record<string, string>> = {}) => ({
  assets: new MemoryFiles(),
  userFiles: new MemoryFiles(),
  hub: openHub(hub.network(variables), cache),
});
const load = (name: string, changes: Partial<DataConfig> = {}) => loadData(published(name, changes), places());

function publish(id: string, files: Readonly<Record<string, Uint8Array>>, revision?: string): void {
  hub.publish(`datasets/${id}`, new Map(Object.entries(files)), revision);
}

/** What was fetched, without listings. */
const fetched = () => hub.asked.map(({ path }) => path).filter((path) => path.includes("/resolve/"));

async function refusal(name: string, changes: Partial<DataConfig> = {}): Promise<string> {
  const thrown = await load(name, changes).then(() => undefined, (reason: unknown) => reason);
  expect(thrown).toBeInstanceOf(InputError);
  const { message } = thrown as InputError;
  expect(message.split("\n").length).toBeLessThanOrEqual(2);
  return message;
}

const questions = [
  { text: "How far is it ?", coarse_label: "NUM", fine_label: "NUM:dist" },
  { text: "Who was Galileo ?", coarse_label: "HUM", fine_label: "HUM:desc" },
  { text: "What is an atom ?", coarse_label: "DESC", fine_label: "DESC:def" },
];
const coarse = classes("ABBR", "ENTY", "DESC", "HUM", "LOC", "NUM");
const fine = classes("DESC:def", "HUM:desc", "NUM:dist");
const trecFile = (rows: readonly Record<string, unknown>[]) =>
  parquetFile({ text, coarse_label: coarse, fine_label: fine }, rows);

describe("TREC of the hub", () => {
  beforeEach(() => {
    publish("CogComp/trec", { "README.md": bytes("# TREC"), "trec.py": bytes("pass") });
    publish("CogComp/trec", {
      "default/train/0000.parquet": trecFile(questions),
      "default/test/0000.parquet": trecFile(questions.slice(1)),
      "default/other/0000.parquet": trecFile(questions),
    }, CONVERTED);
  });

  it("comes from the hub's conversion, by its name, with the names of its classes", async () => {
    const { name, train, test, labels, notices } = await load("trec");
    expect(name).toBe("trec");
    expect(train.map(({ text, label }) => [text, label])).toEqual(questions.map((row) => [row.text, row.coarse_label]));
    expect(test).toHaveLength(2);
    expect(labels).toEqual(["DESC", "HUM", "NUM"]);
    expect(notices).toEqual([
      "data set 'trec': 3 training and 2 test examples, where 5452 and 500 are published",
    ]);
    expect(fetched().map((path) => path.split("/").slice(-3).join("/"))).toEqual([
      "default/train/0000.parquet",
      "default/test/0000.parquet",
    ]);
  });

  it("gives another of its columns where the config names it, and refuses what it does not have", async () => {
    expect((await load("trec", { label_name: "fine_label" })).labels).toEqual(["DESC:def", "HUM:desc", "NUM:dist"]);
    expect(await refusal("trec", { label_name: "fein_label" })).toBe(
      "CogComp/trec/default/train/0000.parquet: no column 'fein_label'. The file has: text, coarse_label, fine_label\n" +
        "Say which one holds the label with data.label_name=COLUMN",
    );
  });

  it("is found where the hub is not asked", async () => {
    const online = await load("trec");
    const asked = hub.asked.length;
    const offline = await loadData(published("trec"), places({ HF_HUB_OFFLINE: "1" }));
    expect(offline).toEqual(online);
    expect(hub.asked).toHaveLength(asked);
  });
});

describe("a data set of the hub, by owner and name", () => {
  const row = (id: number, label: string) => ({ id, text: `mail ${id}`, label });
  const features = { id: number, text, label: classes("ham", "spam") };
  const file = (...rows: Record<string, unknown>[]) => parquetFile(features, rows);
  const train = file(row(0, "ham"), row(1, "spam"));
  const test = file(row(0, "spam"));

  it("has its shards in order, and ids that differ between its parts", async () => {
    publish("me/mails", {
      "data/train-00001-of-00002.parquet": file(row(2, "ham")),
      "data/train-00000-of-00002-0123abcd.parquet": train,
      "data/test-00000-of-00001.parquet": test,
    });
    const set = await load("me/mails");
    expect(set.train.map(({ id, label }) => [id, label])).toEqual([["0", "ham"], ["1", "spam"], ["2", "ham"]]);
    expect(set.test).toEqual([{ id: "test-0", text: "mail 0", label: "spam" }]);
    expect(set).not.toHaveProperty("notices");
    expect(set.name).toBe("me/mails");
  });

  it.each<[string, Record<string, Uint8Array>]>([
    ["train.parquet", { "train.parquet": train, "test.parquet": test }],
    ["SUBSET/SPLIT/0000.parquet", { "default/train/0000.parquet": train, "default/test/0000.parquet": test }],
    ["data/SPLIT/part-0.parquet", { "data/train/part-0.parquet": train, "data/test/part-0.parquet": test }],
    ["JSON Lines", {
      "data/train.jsonl": jsonLines([row(0, "ham"), row(1, "spam")]),
      "data/test.jsonl": jsonLines([row(0, "spam")]),
      "dataset_infos.json": bytes("{}"),
    }],
    ["CSV", {
      "train.csv": bytes("id,text,label\n0,mail 0,ham\n1,mail 1,spam\n"),
      "test.csv": bytes("id,text,label\n0,mail 0,spam\n"),
    }],
  ])("may be laid out as %s", async (_what, files) => {
    publish("me/mails", files);
    const set = await load("me/mails");
    expect(set.train.map(({ id, label }) => [id, label])).toEqual([["0", "ham"], ["1", "spam"]]);
    expect(set.test.map(({ label }) => label)).toEqual(["spam"]);
  });

  it("has subsets, splits and revisions to choose from", async () => {
    publish("me/mails", {
      "work/train-00000-of-00001.parquet": train,
      "work/validation-00000-of-00001.parquet": test,
      "home/train-00000-of-00001.parquet": train,
      "home/held_out-00000-of-00001.parquet": test,
    });
    expect(await refusal("me/mails")).toBe(
      "'me/mails' has several subsets. Choose one with data.subset=NAME. There are: home, work",
    );
    expect(await refusal("me/mails", { subset: "wrok" })).toBe(
      "data.subset: 'me/mails' has no subset 'wrok'. Did you mean work?",
    );
    const work = await load("me/mails", { subset: "work" });
    expect([work.name, work.notices]).toEqual([
      "me/mails/work",
      ["'me/mails' has no split 'test': 'validation' is tested on"],
    ]);
    expect(await refusal("me/mails", { subset: "home" })).toBe(
      "'me/mails' has no split 'test' or 'validation'. There are: train, held_out. Choose one with data.test_split=SPLIT",
    );
    expect((await load("me/mails", { subset: "home", test_split: "held_out" })).notices).toBeUndefined();
    expect(await refusal("me/mails", { subset: "work", train_split: "trian" })).toMatch(/no split 'trian'\. There are/);
    expect(await refusal("me/mails", { subset: "work", test_split: "train" })).toMatch(/'train', which it learns from/);
    publish("me/mails", { "train.parquet": train, "test.parquet": test }, "v2");
    expect((await load("me/mails", { revision: "v2" })).train).toHaveLength(2);
    expect(await refusal("me/mails", { revision: "v3" })).toMatch(/me\/mails is not there, or has no revision 'v3'$/);
  });

  it("is refused where it is not there, or holds nothing to read", async () => {
    expect(await refusal("me/nothing")).toMatch(/datasets\/me\/nothing is not there, or has no revision 'main'$/);
    publish("me/pictures", { "README.md": bytes("#"), "pictures.zip": bytes("") });
    expect(await refusal("me/pictures")).toMatch(
      /^'me\/pictures' on the hub has no Parquet, CSV or JSON files of its splits\. It has: README\.md, pictures\.zip\n.*no revision/,
    );
    publish("me/broken", { "train.parquet": train.slice(0, 300), "test.parquet": test });
    expect(await refusal("me/broken")).toMatch(/^me\/broken\/train\.parquet: not a Parquet file, or a damaged one: /);
    publish("me/mails", { "train.parquet": train, "test.parquet": test });
    await hub.close();
    await expect(load("me/mails")).rejects.toThrow(Failure);
  });
});

describe("of the thesis's data sets", () => {
  it("CEDR has the posts with exactly one emotion, of its main subset", async () => {
    const features = { text, labels: listOf(classes("joy", "sadness", "surprise", "fear", "anger")) };
    const posts = [["joy"], [], ["sadness", "fear"], ["anger"], []].map((labels, index) => ({
      text: `пост ${index}`,
      labels,
    }));
    publish("sagteam/cedr_v1", {
      ...Object.fromEntries(["main", "enriched"].flatMap((subset) => [
        [`${subset}/train-00000-of-00001.parquet`, parquetFile(features, posts)],
        [`${subset}/test-00000-of-00001.parquet`, parquetFile(features, posts.slice(0, 3))],
      ])),
    });
    const { train, test, labels, notices } = await load("cedr");
    expect(train.map(({ text, label }) => [text, label])).toEqual([["пост 0", "joy"], ["пост 3", "anger"]]);
    expect([test.length, labels]).toEqual([1, ["anger", "joy"]]);
    expect(notices).toEqual([
      "data set 'cedr': of 5 training and 3 test rows, 3 and 2 are left out: they show no emotion, or several",
      "data set 'cedr': 2 training and 1 test examples, where 4378 and 1128 are published",
    ]);
  });

  it("CoNLL-2003 has tokens and tags, by names or by the numbers that stand for them", async () => {
    const tokens = ["EU", "rejects", "German", "call"];
    const tags = ["B-ORG", "O", "B-MISC", "O"];
    const names = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC", "B-MISC", "I-MISC"];
    const features = { id: text, tokens: listOf(text), pos_tags: listOf(number), ner_tags: listOf(classes(...names)) };
    const row = { id: "0", tokens, pos_tags: [1, 2, 3, 4], ner_tags: tags };
    const silent = { ...features, ner_tags: listOf(number) };
    publish("eriktks/conll2003", {
      "conll2003/train/0000.parquet": parquetFile(features, [row]),
      "conll2003/test/0000.parquet": parquetFile(features, [row], {}, silent),
    }, CONVERTED);
    publish("eriktks/conll2003", { "conll2003.py": bytes("pass") });
    const config = published("conll2003", { text_name: "tokens", label_name: "ner_tags" });
    const { train, test } = await loadTagged(config, places());
    expect(train).toEqual([{ id: "0", tokens, tags }]);
    expect(test).toEqual([{ id: "test-0", tokens, tags }]);
    const sizes = await dataSizes({ task: "tagging", data: config }, places());
    expect(sizes).toEqual({
      name: "conll2003",
      train: { examples: 1, tokens: 4, entities: 2 },
      test: { examples: 1, tokens: 4, entities: 2 },
      classes: ["MISC", "ORG"],
      notices: ["data set 'conll2003': 1 training and 1 test examples, where 14041 and 3453 are published"],
    });
  });

  it("SAMSum has chats and summaries, but for an empty one", async () => {
    publish("knkarthick/samsum", {
      "train.csv": bytes('id,dialogue,summary\n1,"A: hi\nB: hi",They greet.\n2,,Nothing.\n'),
      "test.csv": bytes("id,dialogue,summary\n1,A: bye,A leaves.\n"),
      "validation.csv": bytes("id,dialogue,summary\n3,A: bye,A leaves.\n"),
    });
    const config = published("samsum", { text_name: "dialogue", label_name: "summary", path: "datasets" });
    const { train, test, notices } = await loadSummarised(config, places());
    expect(train).toEqual([{ id: "1", text: "A: hi\nB: hi", summary: "They greet." }]);
    expect(test).toEqual([{ id: "test-1", text: "A: bye", summary: "A leaves." }]);
    expect(notices[0]).toMatch(/of 2 training and 1 test rows, 1 and 0 are left out: they have no dialogue/);
  });
});
