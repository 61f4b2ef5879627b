import { describe, expect, it } from "vitest";
import { json } from "../../../src/data/readers/json.ts";

describe("JSON", () => {
  it("is a list of objects, each with the line on which it begins", () => {
    const text = '[\n  {"id": 1, "text": "a, [b]\\n \\"{", "tags": [["x"], {"y": 1}]},\n\n  {\n "id": 2}, {"id": 3}\n]';
    const { columns, rows } = json.read(text, "train.json");
    expect(columns).toEqual(["id", "text", "tags"]);
    expect(rows.map(({ line, cells }) => [line, cells.get("id")])).toEqual([[2, 1], [4, 2], [5, 3]]);
    expect(rows[0]!.cells.get("text")).toBe('a, [b]\n "{');
  });

  it("may be JSON Lines, too", () => {
    expect(json.read('{"id": 1}\n{"id": 2}\n', "train.json").rows).toHaveLength(2);
  });

  it.each([
    ["[1]", /^train\.json:1: not a JSON object/],
    ['[{"id": 1},\n"text"]', /^train\.json:2: not a JSON object/],
    ["[", /^train\.json: not JSON: /],
    ["text", /^train\.json:1: not JSON: /],
  ])("is refused with the line: %j", (text, message) => {
    expect(() => json.read(text, "train.json")).toThrow(message);
  });
});
