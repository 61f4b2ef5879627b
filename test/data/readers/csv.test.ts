import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csv, tsv } from "../../../src/data/readers/csv.ts";

const rowsOf = (text: string, reader = csv) =>
  reader.read(text, "mails.csv").rows.map(({ line, cells }) => [line, ...cells.values()]);

describe("CSV", () => {
  it("names columns by the header, and rows by the line on which they start", () => {
    const text = 'text,label\n"two\nlines",spam\n\nplain,ham\n  \n,\n"a ""word"", quoted",ham';
    expect(csv.read(text, "mails.csv").columns).toEqual(["text", "label"]);
    expect(rowsOf(text)).toEqual([[2, "two\nlines", "spam"], [5, "plain", "ham"], [8, 'a "word", quoted', "ham"]]);
  });

  it("takes any line ending", () => {
    for (const end of ["\n", "\r\n", "\r"]) {
      expect(rowsOf(["text,label", "a,ham", "b,spam", ""].join(end))).toEqual([[2, "a", "ham"], [3, "b", "spam"]]);
    }
    expect(rowsOf('text,label\r\n"a\r\nb",ham\nc,spam\r\n')).toEqual([[2, "a\nb", "ham"], [4, "c", "spam"]]);
  });

  it("takes a quote inside an unquoted cell as it is", () => {
    expect(rowsOf('text,label\n6" nails,ham\n')).toEqual([[2, '6" nails', "ham"]]);
  });

  it("gives back whatever was quoted as the standard says", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", " ", "é") });
    fc.assert(fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), (rows) => {
      const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
      const text = ["text,label", ...rows.map(([a, b]) => `${quoted(a)},${quoted(b)}`)].join("\n");
      const kept = rows.filter((cells) => cells.some((each) => each.trim() !== ""));
      expect(csv.read(text, "x.csv").rows.map(({ cells }) => [...cells.values()])).toEqual(kept);
    }));
  });

  const wrong: [what: string, text: string, message: RegExp][] = [
    [
      "too many cells",
      "text,label\na,ham\nb,c,ham\n",
      /^mails\.csv:3: 3 cells, but the header names 2 columns: text, label\n.*quotes/,
    ],
    ["too few cells", "text,label\na\n", /^mails\.csv:2: 1 cell, but/],
    [
      "a quote that stays open",
      'text,label\na,ham\n"b,ham\nc,ham\n',
      /^mails\.csv:3: .*double quote that nothing closes/,
    ],
    ["a column twice", "text,label,text\na,b,c\n", /^mails\.csv:1: two columns are called 'text'/],
  ];

  it.each(wrong)("is refused with its line: %s", (_what, text, message) => {
    expect(() => rowsOf(text)).toThrow(message);
  });
});

describe("TSV", () => {
  it("is CSV with tabs", () => {
    expect(rowsOf('text\tlabel\na, b\tham\n"c\td"\tspam\n', tsv)).toEqual([[2, "a, b", "ham"], [3, "c\td", "spam"]]);
  });
});
