import { describe, expect, it } from "vitest";
import { usualColumns } from "../../src/data/columns.ts";
import { loadLabelled, loadPool } from "../../src/data/load_file.ts";
import { InputError } from "../../src/errors.ts";
import { source, zipped } from "./source.ts";

async function refusal(work: Promise<unknown>): Promise<string> {
  const thrown = await work.then(() => undefined, (reason: unknown) => reason);
  expect(thrown).toBeInstanceOf(InputError);
  const { message } = thrown as InputError;
  expect(message.split("\n").length).toBeLessThanOrEqual(2);
  return message;
}

describe("a data file", () => {
  const expected = [{ id: "1", text: "Hello", label: "ham" }, { id: "2", text: "WIN, now", label: "spam" }];

  it.each([
    ["mails.jsonl", '{"id": 1, "text": "Hello", "label": "ham"}\n{"id": "2", "text": "WIN, now", "label": "spam"}\n'],
    [
      "mails.ndjson",
      '{"label": "ham", "text": "Hello", "id": "1"}\n{"id": "2", "text": "WIN, now", "label": "spam", "x": []}\n',
    ],
    ["mails.csv", 'id,text,label\n1,Hello,ham\n2,"WIN, now", spam \n'],
    ["a.b/MAILS.TSV", "label\tid\ttext\nham\t1\tHello\nspam\t2\tWIN, now\n"],
  ])("gives its examples: %s", async (name, text) => {
    expect(await loadLabelled(source(name, text))).toEqual(expected);
    expect(await loadLabelled(source(name, `\uFEFF${text}`))).toEqual(expected);
    expect(await loadLabelled(await zipped(`${name}.gz`, text))).toEqual(expected);
  });

  it("may call its columns as it likes", async () => {
    const columns = { text: "message", label: "class", id: "key" };
    const file = source("mails.csv", "key,message,class\n1,Hello,ham\n");
    expect(await loadLabelled(file, columns)).toEqual([{ id: "1", text: "Hello", label: "ham" }]);
  });

  it("may have numbers for labels", async () => {
    const file = source("mails.jsonl", '{"id": 7, "text": "a", "label": 0}\n{"id": 8, "text": "b", "label": true}\n');
    expect((await loadLabelled(file)).map(({ label }) => label)).toEqual(["0", "true"]);
  });

  it("may be without labels only as a pool", async () => {
    const file = source(
      "pool.jsonl",
      '{"id": 1, "text": "a"}\n{"id": 2, "text": "b", "label": null}\n{"id": 3, "text": "c", "label": "ham"}\n',
    );
    expect(await loadPool(file)).toEqual([{ id: "1", text: "a" }, { id: "2", text: "b" }, {
      id: "3",
      text: "c",
      label: "ham",
    }]);
    expect(await refusal(loadLabelled(file))).toBe("pool.jsonl:1: no label. Every training row needs one of: ham");
  });
});

describe("ids made from texts", () => {
  const ids = async (texts: string[], part?: "train" | "test") =>
    (await loadLabelled(
      source("mails.jsonl", texts.map((text) => JSON.stringify({ text, label: "x" })).join("\n")),
      usualColumns,
      part,
    ))
      .map(({ id }) => id);

  it("stay with their texts, whatever rows come and go", async () => {
    const [a, b] = await ids(["a", "b"]);
    expect(await ids(["new", "b", "c", "a"])).toEqual([expect.anything(), b, expect.anything(), a]);
  });

  it("are unique where texts are not, and differ between training and test", async () => {
    const all = [...await ids(["a", "a", "b", "a"]), ...await ids(["a", "b"], "test")];
    expect(new Set(all).size).toBe(6);
    expect((await ids(["a", "a"]))[0]).toBe((await ids(["a"]))[0]);
  });
});

describe("a data file is refused, with the place and what was expected,", () => {
  const header = "id,text,label\n";
  const wrong: [what: string, name: string, text: string, message: string][] = [
    [
      "without a label",
      "mails.csv",
      `${header}1,a,spam\n2,b,ham\n3,c,\n`,
      "mails.csv:4: no label. Every training row needs one of: ham, spam",
    ],
    ["without any label", "mails.csv", `${header}1,a,\n`, "mails.csv:2: no label. Every training row needs one"],
    [
      "without a text",
      "mails.csv",
      `${header}1, ,spam\n`,
      "mails.csv:2: no text. Every row needs one in its column 'text'",
    ],
    [
      "without an id",
      "mails.csv",
      `${header}1,a,ham\n,b,ham\n`,
      "mails.csv:3: no id. Give every row one, or leave out the column",
    ],
    [
      "with an id twice",
      "mails.csv",
      `${header}7,a,ham\n8,b,ham\n7,c,ham\n`,
      "mails.csv:4: the id '7' stands on line 2 already. Ids must be unique",
    ],
    [
      "without a text column",
      "mails.csv",
      "message,label\na,ham\n",
      "mails.csv: no column 'text'. The file has: message, label\nSay which one holds the text with data.text_name=COLUMN",
    ],
    [
      "without a label column",
      "mails.csv",
      "text,class\na,ham\n",
      "mails.csv: no column 'label'. The file has: text, class\nSay which one holds the label with data.label_name=COLUMN",
    ],
    [
      "with a list for a text",
      "mails.jsonl",
      '{"text": ["a"], "label": "ham"}\n',
      "mails.jsonl:1: 'text' is a list, where a text is expected",
    ],
    [
      "with an object for a label",
      "mails.jsonl",
      '{"text": "a", "label": {}}\n',
      "mails.jsonl:1: 'label' is an object, where a name or a number is expected",
    ],
    ["empty", "mails.csv", "", "mails.csv: the file is empty"],
    ["blank", "mails.jsonl", "\n \n", "mails.jsonl: the file is empty"],
    ["with a header alone", "mails.csv", header, "mails.csv: the file has no rows"],
    [
      "of an unknown format",
      "mails.xlsx",
      "",
      "mails.xlsx: the name does not end in a known file format. Known are: .jsonl, .ndjson, .csv, .tsv, .json, .parquet, .conll, .iob, .bio, .label, each also with .gz",
    ],
    [
      "without an extension",
      "a.csv/mails",
      "",
      "a.csv/mails: the name does not end in a known file format. Known are: .jsonl, .ndjson, .csv, .tsv, .json, .parquet, .conll, .iob, .bio, .label, each also with .gz",
    ],
    ["not packed", "mails.csv.gz", header, "mails.csv.gz: not a gzip file, or cut short"],
  ];

  it.each(wrong)("%s", async (_what, name, text, message) => {
    expect(await refusal(loadLabelled(source(name, text)))).toBe(message);
  });

  it("with a named id column that is not there", async () => {
    const columns = { ...usualColumns, id: "key" };
    expect(await refusal(loadLabelled(source("mails.csv", "text,label\na,ham\n"), columns))).toMatch(
      /no column 'key'.*\n.*data\.id_name=COLUMN$/,
    );
  });

  it("cut short", async () => {
    const { name, bytes } = await zipped("mails.csv.gz", header.repeat(100));
    expect(await refusal(loadLabelled({ name, bytes: bytes.subarray(0, bytes.length - 5) }))).toMatch(/cut short$/);
  });

  it("of many labels, naming some", async () => {
    const rows = Array.from({ length: 12 }, (_, index) => `a,l${String(index).padStart(2, "0")}\n`).join("");
    expect(await refusal(loadLabelled(source("mails.csv", `text,label\n${rows}b,\n`)))).toMatch(
      /one of: l00, .*, l09 and 2 more$/,
    );
  });

  const latin1: [what: string, bytes: number[], place: string][] = [
    ["Latin-1", [0xe9, 0x20], "mails.csv:3: not UTF-8: byte 23 is 0xe9"],
    ["a stray continuation", [0xc3, 0xa9, 0x80], "mails.csv:3: not UTF-8: byte 25 is 0x80"],
    ["a character that is cut", [0x61, 0xe2, 0x82], "mails.csv:3: not UTF-8: byte 24 is 0xe2"],
  ];

  it.each(latin1)("not UTF-8: %s", async (_what, bad, place) => {
    const good = new TextEncoder().encode("id,text,label\n1,\u00e9,ham\n");
    const message = await refusal(loadLabelled({ name: "mails.csv", bytes: Uint8Array.from([...good, ...bad]) }));
    expect(message).toBe(`${place}. Save the file as UTF-8`);
  });
});
