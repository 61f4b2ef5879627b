import { describe, expect, it } from "vitest";
import { guessColumns } from "../../../web/data/guess_columns.ts";
import { previewOf } from "../../../web/data/preview.ts";
import { readPasted, readTable } from "../../../web/data/read_table.ts";

const csv = (text: string) => readTable({ name: "mails.csv", bytes: new TextEncoder().encode(text) });
const rows = (count: number, row: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => row(index)).join("\n");

describe("the columns of a table", () => {
  it.each([
    ["id,text,label\n1,a,x\n2,b,y", { id: "id", text: "text", label: "label" }],
    ["id,text,label\n1,a,x\n1,b,y", { text: "text", label: "label" }],
    ["Subject,Body,Class\ns,b,c", { text: "Body", label: "Class" }],
    ["Метка,Сообщение\nx,привет", { text: "Сообщение", label: "Метка" }],
    [`a,b\n${rows(9, (i) => `${i % 2},this is the text number ${i}`)}`, { text: "b", label: "a" }],
    [`a,b\n${rows(9, (i) => `${i},this is the text number ${i}`)}`, { text: "b" }],
    [`a,text\n${rows(9, (i) => `a long cell that comes again and again and again ${i % 2},${i}`)}`, { text: "text" }],
    ["only\nx", { text: "only" }],
  ])("are guessed: %s", async (text, expected) => {
    expect(guessColumns(await csv(text))).toEqual(expected);
  });
});

describe("the preview of a table", () => {
  it("shows its first rows as text, whatever is in them", () => {
    const table = readPasted(
      '{"text":"a\\u202eb\\u200b<b>","n":1,"l":["x"],"o":null}\n{"text":"' + "x".repeat(1 << 20) + '"}',
    );
    const { columns, rows, count } = previewOf(table);
    expect(columns).toEqual(["text", "n", "l", "o"]);
    expect(rows[0]).toEqual(["a\u202eb\u200b<b>", "1", '["x"]', ""]);
    expect(rows[1]![0]).toHaveLength(401);
    expect(count).toBe(2);
  });

  it("says what its labels are, and what is not labelled", async () => {
    const { classes, unlabelled, warnings, error } = previewOf(await csv("text,label\na,x\nb,y\nc,x\nd,"));
    expect([classes, unlabelled, warnings, error]).toEqual([
      [{ name: "x", count: 2 }, { name: "y", count: 1 }],
      1,
      [],
      undefined,
    ]);
  });

  it("names the line that is wrong", async () => {
    expect(previewOf(await csv("text,label\na,x\n ,y")).error).toBe(
      "mails.csv:3: no text. Every row needs one in its column 'text'",
    );
    expect(previewOf(await csv("text,key\na,1\na,1"), { text: "text", id: "key" }).error).toBe(
      "mails.csv:3: the id '1' stands on line 2 already. Ids must be unique",
    );
    expect(previewOf(await csv("text,x\na,1"), { text: "body" }).error).toMatch(/^mails\.csv: no column 'body'/);
    expect(previewOf(readPasted('{"text":"a","label":{}}')).error).toMatch(/^the pasted text:1: 'label' is an object/);
    expect(previewOf(await csv("text,id")).error).toBe("mails.csv: the file has no rows");
  });

  it("warns of what is perhaps not meant", async () => {
    const warnings = async (text: string) => previewOf(await csv(text)).warnings;
    expect(await warnings("text,label\na,x\nb,y\na,y\na,x")).toEqual([
      "mails.csv: the text of line 4 stands on line 2 already; 2 of 4 rows repeat a text",
    ]);
    expect(await warnings("text,label\na,x\nb,x\nc,")).toEqual([
      "mails.csv: 'label' is 'x' wherever it is given. Classification needs two classes",
    ]);
    expect(await warnings(`text,label\n${rows(60, (i) => `text ${i},${i}`)}`)).toEqual([
      "mails.csv: 'label' has 60 different values, which is many for classes",
    ]);
    expect(await warnings("text;label\na;x")).toEqual([
      "mails.csv: its cells seem to be separated by semicolons. Save it with commas, or with tabs as .tsv",
    ]);
  });

  it("takes no label from a column that nobody chose", async () => {
    const table = await csv("id,text,label\n1,a,x\n1,b,y");
    expect(previewOf(table, { text: "text" })).toMatchObject({ classes: [], unlabelled: 2, warnings: [] });
  });
});
