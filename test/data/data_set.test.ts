import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dataSet } from "../../src/data/data_set.ts";
import { dataSetFromFiles, dataSetFromOneFile } from "../../src/data/from_files.ts";
import { splitByText } from "../../src/data/split.ts";
import { InputError } from "../../src/errors.ts";
import { source } from "./source.ts";

const example = (id: string, label: string) => ({ id, text: `text of ${id}`, label });
const train = [example("1", "spam"), example("2", "ham"), example("3", "ham")];

describe("a data set", () => {
  it("takes its labels from the training part, sorted", () => {
    const set = dataSet("mails", train, [example("4", "ham")]);
    expect(set).toEqual({ name: "mails", train, test: [example("4", "ham")], labels: ["ham", "spam"] });
  });

  it.each([
    ["an empty part", [], [example("4", "ham")], /the training part is empty/],
    ["an empty test part", train, [], /the test part is empty/],
    ["one label", train.slice(1), [example("4", "ham")], /all 2 training rows have the label 'ham'.*at least two/],
    [
      "a label of the test part alone",
      train,
      [example("4", "eggs")],
      /'4' \("text of 4"\) has the label 'eggs'.*\nTraining has: ham, spam$/,
    ],
    ["an id in both parts", train, [example("2", "ham")], /the id '2' stands in both/],
  ])("is refused with %s", (_what, learned, tested, message) => {
    expect(() => dataSet("mails", learned, tested)).toThrow(InputError);
    expect(() => dataSet("mails", learned, tested)).toThrow(message);
  });

  it("comes from two files without ids, also where a text stands in both", async () => {
    const text = "text,label\na,ham\nb,spam\n";
    const set = await dataSetFromFiles("mails", source("train.csv", text), source("test.csv", text));
    expect([set.train.length, set.test.length]).toEqual([2, 2]);
  });

  it("comes from one file, with no text in both parts", async () => {
    const rows = Array.from({ length: 400 }, (_, index) => `mail ${index % 200},${index % 2 ? "ham" : "spam"}\n`);
    const set = await dataSetFromOneFile("mails", source("mails.csv", `text,label\n${rows.join("")}`), 0.25);
    const learned = new Set(set.train.map(({ text }) => text));
    expect(set.train.length + set.test.length).toBe(400);
    expect(set.test.filter(({ text }) => learned.has(text))).toEqual([]);
    expect(set.test.length).toBeGreaterThan(50);
    expect(set.test.length).toBeLessThan(150);
  });
});

describe("splitting by text", () => {
  it("puts a text on the same side whatever stands beside it, and loses nothing", () => {
    const texts = fc.array(fc.record({ text: fc.string() }), { maxLength: 30 });
    fc.assert(fc.property(texts, texts, (some, others) => {
      const alone = splitByText(some, 0.5);
      const together = splitByText([...others, ...some], 0.5);
      expect(alone.train.length + alone.test.length).toBe(some.length);
      for (const item of alone.train) expect(together.train).toContain(item);
      for (const item of alone.test) expect(together.test).toContain(item);
    }));
  });

  it("holds out more for a greater fraction, and never gives back", () => {
    const items = Array.from({ length: 500 }, (_, index) => ({ text: `${index}` }));
    const few = splitByText(items, 0.1).test;
    const many = splitByText(items, 0.4).test;
    expect(many).toEqual(expect.arrayContaining([...few]));
    expect(few.length).toBeLessThan(many.length);
    expect(() => splitByText(items, 0)).toThrow(RangeError);
    expect(() => splitByText(items, 1)).toThrow(RangeError);
  });
});
