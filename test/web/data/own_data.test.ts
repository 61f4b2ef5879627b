import { array, assert, asyncProperty, constantFrom, record, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { dataSetFromOneFile } from "../../../src/data/from_files.ts";
import { loadPool } from "../../../src/data/load_file.ts";
import { InputError } from "../../../src/errors.ts";
import { keepOwnData, ownDataPath, ownDataSets, readOwnData, removeOwnData } from "../../../web/data/own_data.ts";
import { readPasted } from "../../../web/data/read_table.ts";
import { Crash, MemoryFiles } from "../../host/memory_files.ts";

const date = "2026-01-02T03:04:05.000Z";
const labelled = readPasted("text\tlabel\nwin\tspam\nhello\tham\nwin now\tspam\nwho is it?\t\n");
const columns = { text: "text", label: "label" };

describe("data of a person's own", () => {
  it("are kept as lines that the engine reads, with what they are beside them", async () => {
    const files = new MemoryFiles();
    const own = await keepOwnData(
      files,
      labelled,
      { title: "Мои письма (2026).csv", columns, classes: ["news", " "] },
      date,
    );
    expect(own).toEqual({
      name: "Мои-письма-2026",
      title: "Мои письма (2026).csv",
      rows: 4,
      labelled: 3,
      classes: [{ name: "spam", count: 2 }, { name: "ham", count: 1 }, { name: "news", count: 0 }],
      longest: 10,
      added: date,
    });
    const path = ownDataPath(own.name);
    expect(files.texts()[path]!.split("\n")).toHaveLength(5);
    const examples = await loadPool({ name: path, bytes: (await files.read(path))! });
    expect(examples.map(({ text, label }) => [text, label])).toEqual([
      ["win", "spam"],
      ["hello", "ham"],
      ["win now", "spam"],
      ["who is it?", undefined],
    ]);
    expect(await ownDataSets(files)).toEqual([own]);
    expect(await readOwnData(files, own.name)).toEqual(own);
  });

  it("give equal texts and ids of their own what the command line gives them", async () => {
    const files = new MemoryFiles();
    const table = readPasted(
      '{"text":"a","label":"x"}\n{"text":"a","label":"y"}\n{"text":"b\\u202e\\u0000","label":"y"}',
    );
    const { name } = await keepOwnData(files, table, { title: "t", columns }, date);
    const ids = async (path: string, bytes: Uint8Array) => (await loadPool({ name: path, bytes })).map(({ id }) => id);
    const original = new TextEncoder().encode(
      table.rows.map(({ cells }) => JSON.stringify(Object.fromEntries(cells))).join("\n"),
    );
    expect(await ids("kept.jsonl", (await files.read(ownDataPath(name)))!)).toEqual(
      await ids("original.jsonl", original),
    );
  });

  it("are refused without two classes", async () => {
    const files = new MemoryFiles();
    const keep = (text: string, classes?: string[]) =>
      keepOwnData(
        files,
        readPasted(text),
        { title: "t", columns: { text: "text" }, ...(classes ? { classes } : {}) },
        date,
      );
    await expect(keep("a\nb")).rejects.toThrow(
      "the pasted text: no row has a label. Choose the column that holds it, or name two classes at least",
    );
    await expect(keep("a\nb", ["x", "x "])).rejects.toThrow(
      "the pasted text: the only class is 'x'. Classification needs",
    );
    expect(files.texts()).toEqual({});
    expect((await keep("a\nb", ["x", "y"])).labelled).toBe(0);
  });

  it("get a number where their name is taken, and go without a trace", async () => {
    const files = new MemoryFiles();
    const keep = (title: string, added: string) => keepOwnData(files, labelled, { title, columns }, added);
    await keep("mails", "2026-01-01");
    await keep("mails.csv", "2026-01-03");
    await keep("../..", "2026-01-02");
    expect((await ownDataSets(files)).map(({ name }) => name)).toEqual(["mails-2", "data", "mails"]);
    await removeOwnData(files, "mails-2");
    expect(Object.keys(files.texts())).toEqual([
      "data/data.json",
      "data/data.jsonl",
      "data/mails.json",
      "data/mails.jsonl",
    ]);
  });

  it("bear no name of an embedded data set, of another's part, or of a file that came with a run", async () => {
    const files = MemoryFiles.of({ "data/foo.jsonl": "x", "data/mine.pool.jsonl": "x", "data/mine.test.jsonl": "x" });
    const keep = async (title: string) => (await keepOwnData(files, labelled, { title, columns }, date)).name;
    expect(await keep("mail")).toBe("mail-2");
    expect(await keep("foo")).toBe("foo-2");
    expect(await keep("mine")).toBe("mine-2");
    expect(await keep("mine.Pool")).toBe("mine-Pool");
    expect(await keep("a.test.csv")).toBe("a-test");
    expect(await keep("a.measuring")).toBe("a-measuring");
    expect(files.texts()).toMatchObject({ "data/foo.jsonl": "x", "data/mine.pool.jsonl": "x" });
  });

  it("are not listed where the page was closed before they were whole", async () => {
    const files = new MemoryFiles();
    files.crashAfter(1);
    await expect(keepOwnData(files, labelled, { title: "t", columns }, date)).rejects.toThrow(Crash);
    const after = files.restart();
    expect(Object.keys(after.texts())).toEqual(["data/t.jsonl"]);
    expect(await ownDataSets(after)).toEqual([]);
    expect((await keepOwnData(after, labelled, { title: "t", columns }, date)).name).toBe("t-2");
  });

  it("are left out of the list where what stands beside them is broken", async () => {
    const files = MemoryFiles.of({ "data/a.json": "{", "data/b.json": "{}", "data/c.txt": "" });
    expect(await ownDataSets(files)).toEqual([]);
  });

  it("of any kind become a data set or a mistake in words", () => {
    const row = record({ text: string({ unit: "binary" }), label: constantFrom("x", "y", "", null, 3), id: string() }, {
      requiredKeys: [],
    });
    return assert(asyncProperty(array(row, { minLength: 1, maxLength: 20 }), string(), async (rows, title) => {
      const files = new MemoryFiles();
      try {
        const table = readPasted(rows.map((each) => JSON.stringify(each)).join("\n"));
        const own = await keepOwnData(files, table, { title, columns, classes: ["z"] }, date);
        const bytes = (await files.read(ownDataPath(own.name)))!;
        const examples = await loadPool({ name: "kept.jsonl", bytes });
        expect(examples.map(({ text }) => text)).toEqual(rows.map(({ text }) => text));
        if (own.labelled === own.rows) {
          await dataSetFromOneFile("t", { name: "kept.jsonl", bytes }, 0.5).catch(onlyInput);
        }
      } catch (thrown) {
        onlyInput(thrown);
      }
    }));
  });
});

function onlyInput(thrown: unknown): void {
  if (!(thrown instanceof InputError)) throw thrown;
}
