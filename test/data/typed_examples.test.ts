import { describe, expect, it } from "vitest";
import { summarisedExamples } from "../../src/data/summarised_examples.ts";
import type { Table } from "../../src/data/table.ts";
import { entityTypes, taggedExamples } from "../../src/data/tagged_examples.ts";
import { InputError } from "../../src/errors.ts";

function table(...rows: readonly Readonly<Record<string, unknown>>[]): Table {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return {
    file: "train.jsonl",
    columns,
    rows: rows.map((row, index) => ({ line: index + 1, cells: new Map(Object.entries(row)) })),
  };
}

function refusal(make: () => unknown): string {
  try {
    make();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(InputError);
    return (thrown as InputError).message;
  }
  throw new Error("nothing was refused");
}

describe("tagged examples", () => {
  const columns = { text: "tokens", label: "tags", id: "id" };
  const good = { id: 7, tokens: ["in", "London"], tags: ["O", "B-LOC"] };

  it("have a tag for each token, and ids, which may be made from the tokens", () => {
    expect(taggedExamples(table(good), columns)).toEqual([{ ...good, id: "7" }]);
    const { id: _, ...nameless } = good;
    const ids = (part: "train" | "test") =>
      taggedExamples(table(nameless, nameless), columns, part).map(({ id }) => id);
    expect(new Set([...ids("train"), ...ids("test")]).size).toBe(4);
  });

  it("name types of entities", () => {
    const examples = taggedExamples(table(good, { id: 8, tokens: ["a", "b"], tags: ["B-a-b", "I-ORG"] }), columns);
    expect(entityTypes(examples)).toEqual(["LOC", "ORG", "a-b"]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["unequal lengths", { ...good, tags: ["O"] }, "train.jsonl:2: 2 tokens, but 1 tag"],
    ["what is no tag", { ...good, tags: ["O", "LOC"] }, "train.jsonl:2: 'LOC' is no tag. Expected O, B-TYPE or I-TYPE"],
    ["no tokens", { ...good, tokens: [], tags: [] }, "train.jsonl:2: no tokens. Every row needs one at least"],
    [
      "a text for tokens",
      { ...good, tokens: "in London" },
      "train.jsonl:2: 'tokens' is a text, where a list of tokens is expected",
    ],
    [
      "numbers for tags",
      { ...good, tags: [0, 5] },
      "train.jsonl:2: entry 1 of 'tags' is the number 0, where a text is expected",
    ],
    [
      "no tags",
      { tags: null },
      "train.jsonl:2: no tags. Every row needs a list of them in its column 'tags'",
    ],
    ["an id twice", { ...good, id: "7" }, "train.jsonl:2: the id '7' stands on line 1 already. Ids must be unique"],
  ])("are refused with the line: %s", (_what, row, message) => {
    expect(refusal(() => taggedExamples(table(good, { ...good, id: 8, ...row }), columns))).toBe(message);
  });

  it("are refused without their columns, or without rows", () => {
    expect(refusal(() => taggedExamples(table({ tokens: ["a"] }), columns))).toMatch(/no column 'tags'.*\n.*tags with/);
    expect(refusal(() => taggedExamples(table(), columns))).toBe("train.jsonl: the file has no rows");
  });
});

describe("summarised examples", () => {
  const columns = { text: "dialogue", label: "summary", id: "id" };
  const good = { id: "1", dialogue: "A: hi", summary: "A greets." };

  it("have a text and its summary", () => {
    expect(summarisedExamples(table(good), columns)).toEqual([{ id: "1", text: "A: hi", summary: "A greets." }]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["no text", { dialogue: " " }, "train.jsonl:2: no text. Every row needs one in its column 'dialogue'"],
    ["no summary", { summary: null }, "train.jsonl:2: no summary. Every row needs one in its column 'summary'"],
    ["a list", { summary: ["x"] }, "train.jsonl:2: 'summary' is a list, where a text is expected"],
  ])("are refused with the line: %s", (_what, row, message) => {
    expect(refusal(() => summarisedExamples(table(good, { ...good, id: "2", ...row }), columns))).toBe(message);
  });
});
