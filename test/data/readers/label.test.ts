import { describe, expect, it } from "vitest";
import { label } from "../../../src/data/readers/label.ts";

const read = (text: string, encode: (text: string) => Uint8Array) =>
  label.readBytes(encode(text), "train_5500.label").rows.map(({ line, cells }) => [line, ...cells.values()]);
const utf8 = (text: string) => new TextEncoder().encode(text);
const latin1 = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

describe("TREC's own format", () => {
  it("gives question, coarse class and fine class, from UTF-8 and from ISO-8859-1", () => {
    const text = "NUM:dist How far is it to São Paulo ?\n\nDESC:def What isðan atom ?\r\n";
    const rows = [[1, "How far is it to São Paulo ?", "NUM", "NUM:dist"], [3, "What is an atom ?", "DESC", "DESC:def"]];
    expect(read(text, utf8)).toEqual(rows);
    expect(read(text, latin1)).toEqual(rows);
  });

  it.each(["What is an atom ?", "NUM:dist", "NUM How far ?"])("is refused with its line: %s", (line) => {
    expect(() => read(`DESC:def What ?\n${line}\n`, utf8)).toThrow(
      /^train_5500\.label:2: expected a class and a question/,
    );
  });
});
