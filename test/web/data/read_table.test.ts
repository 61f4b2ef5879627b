import { assert, asyncProperty, property, record, string, uint8Array } from "fast-check";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../src/errors.ts";
import { MOST_BYTES, readPasted, readTable } from "../../../web/data/read_table.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const cellsOf = (text: string) => readPasted(text).rows.map(({ cells }) => Object.fromEntries(cells));

describe("a file that a person gives", () => {
  it.each([
    ["mails.csv", "text,label\na,x\n"],
    ["mails.TSV", "text\tlabel\na\tx\n"],
    ["mails.jsonl", '{"text":"a","label":"x"}\n'],
    ["mails.txt", "text\tlabel\na\tx\n"],
  ])("is read by its name: %s", async (name, text) => {
    const { rows } = await readTable({ name, bytes: bytesOf(text) });
    expect(rows.map(({ cells }) => Object.fromEntries(cells))).toEqual([{ text: "a", label: "x" }]);
    const packed = { name: `${name}.gz`, bytes: new Uint8Array(gzipSync(text)) };
    if (!name.endsWith(".txt")) expect((await readTable(packed)).rows).toEqual(rows);
  });

  it("is refused where it is of another kind, and says of which", async () => {
    await expect(readTable({ name: "mails.xlsx", bytes: bytesOf("PK") })).rejects.toThrow(
      /^mails\.xlsx: the name does not end in a known file format. Known are: \.jsonl, \.ndjson, \.csv, \.tsv/,
    );
    await expect(readTable({ name: "a.csv.gz", bytes: bytesOf("text") })).rejects.toThrow(
      "a.csv.gz: not a gzip file, or cut short",
    );
    await expect(readTable({ name: "a.txt", bytes: Uint8Array.of(65, 10, 0xff) })).rejects.toThrow(
      "a.txt:2: not UTF-8: byte 2 is 0xff. Save the file as UTF-8",
    );
  });

  it("is refused where it is too large, also where it hides that", async () => {
    const name = "large.csv";
    await expect(readTable({ name, bytes: new Uint8Array(MOST_BYTES + (2 << 20)) })).rejects.toThrow(
      /^large\.csv: 66 MB; the page takes up to 64 MB\. Take a part of it, or use the command line$/,
    );
    const bomb = new Uint8Array(gzipSync(new Uint8Array(MOST_BYTES + 1)));
    expect(bomb.length).toBeLessThan(1 << 20);
    await expect(readTable({ name: "bomb.csv.gz", bytes: bomb })).rejects.toThrow(
      "bomb.csv.gz: more than 64 MB unpacked; the page takes up to 64 MB",
    );
  });

  it("of any bytes is a table or a mistake in words", () =>
    assert(asyncProperty(record({ name: string(), bytes: uint8Array({ maxLength: 200 }) }), async ({ name, bytes }) => {
      for (const ending of [".csv", ".tsv", ".jsonl", ".txt", ".csv.gz", ""]) {
        const failed = await readTable({ name: name + ending, bytes }).then(() => undefined, (thrown) => thrown);
        if (failed) expect(failed).toBeInstanceOf(InputError);
      }
    })));
});

describe("a text that a person pastes", () => {
  it("is a text a line, where it is nothing else", () => {
    expect(readPasted("Win, win, win\r\n\r\n  see you\n")).toEqual({
      file: "the pasted text",
      columns: ["text"],
      rows: [
        { line: 1, cells: new Map([["text", "Win, win, win"]]) },
        { line: 3, cells: new Map([["text", "  see you"]]) },
      ],
    });
    expect(cellsOf('He said "no"\n{not json\na\tb')).toHaveLength(3);
    expect(cellsOf("text\none\ntwo")).toEqual([{ text: "one" }, { text: "two" }]);
    expect(cellsOf("Текст")).toEqual([{ text: "Текст" }]);
  });

  it("is a table where its first line names columns", () => {
    expect(cellsOf('label,message\nspam,"Win, now"\n')).toEqual([{ label: "spam", message: "Win, now" }]);
    expect(cellsOf("Текст\tКласс\nпривет\tham")).toEqual([{ Текст: "привет", Класс: "ham" }]);
    expect(cellsOf('{"text":"a"}\n{"text":"b","label":1}')).toEqual([{ text: "a" }, { text: "b", label: 1 }]);
  });

  it("is refused where there is nothing in it, or a line is broken", () => {
    expect(() => readPasted(" \n\n")).toThrow("the pasted text: there is no text in it");
    expect(() => readPasted('{"text":"a"}\nb')).toThrow(/^the pasted text:2: not JSON/);
    expect(() => readPasted("text,label\na")).toThrow(/^the pasted text:2: 1 cell, but the header names 2 columns/);
  });

  it("of any kind is a table or a mistake in words", () =>
    assert(property(string({ unit: "binary", maxLength: 300 }), (text) => {
      try {
        expect(readPasted(text).columns.length).toBeGreaterThan(0);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(InputError);
      }
    })));
});
