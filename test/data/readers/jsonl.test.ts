import { describe, expect, it } from "vitest";
import { jsonl } from "../../../src/data/readers/jsonl.ts";

describe("JSON Lines", () => {
  it("finds rows, their lines, and every column", () => {
    const { columns, rows } = jsonl.read(
      '{"id": 1, "text": "a"}\r\n\n{"text": "b\\nc", "label": null}\n',
      "mails.jsonl",
    );
    expect(columns).toEqual(["id", "text", "label"]);
    expect(rows.map(({ line, cells }) => [line, Object.fromEntries(cells)])).toEqual([
      [1, { id: 1, text: "a" }],
      [3, { text: "b\nc", label: null }],
    ]);
  });

  it.each([
    ['{"text": "a"}\n{"text": \n', /^mails\.jsonl:2: not JSON: .*\nExpected one JSON object a line$/],
    ['["a", "ham"]\n', /^mails\.jsonl:1: not a JSON object/],
    ['"a"\n', /^mails\.jsonl:1: not a JSON object/],
    ["null\n", /^mails\.jsonl:1: not a JSON object/],
  ])("is refused with its line: %j", (text, message) => {
    expect(() => jsonl.read(text, "mails.jsonl")).toThrow(message);
  });
});
