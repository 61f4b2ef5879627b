import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parquet } from "../../../src/data/readers/parquet.ts";
import type { Table } from "../../../src/data/table.ts";
import { InputError } from "../../../src/errors.ts";
import { classes, type Feature, listOf, number, parquetFile, text } from "./parquet_file.ts";

const features: Record<string, Feature> = {
  id: number,
  text,
  label: classes("ham", "spam"),
  tokens: listOf(text),
  tags: listOf(classes("O", "B-X", "I-X")),
};
const rows = Array.from({ length: 60 }, (_, index) => ({
  id: index,
  text: index % 7 === 3 ? null : `mail ${index} `.repeat(1 + index % 3),
  label: ["ham", "spam"][index % 2],
  tokens: Array.from({ length: index % 4 }, (_, place) => `слово-${(index + place) % 5}`),
  tags: Array.from({ length: index % 4 }, (_, place) => ["B-X", "I-X", "O"][place]),
}));

const cellsOf = ({ rows }: Table) => rows.map(({ cells }) => Object.fromEntries(cells));
const read = (bytes: Uint8Array, wanted?: string[]) => parquet.readBytes(bytes, "train.parquet", wanted);

async function refusal(bytes: Uint8Array): Promise<string> {
  const thrown = await read(bytes).then(() => undefined, (reason: unknown) => reason);
  expect(thrown).toBeInstanceOf(InputError);
  return (thrown as InputError).message;
}

describe("Parquet", () => {
  it.each([
    ["in one part", {}],
    ["in several row groups", { rowGroupSize: 13 }],
    ["in several pages", { pageSize: 100 }],
    ["not packed", { codec: "UNCOMPRESSED" as const }],
    ["in differences", { deltas: true }],
    ["packed by gzip", { codec: "GZIP" as const }],
    ["packed by Zstandard", { codec: "ZSTD" as const }],
  ])("gives rows, lists and the names of classes, %s", async (_what, layout) => {
    const table = await read(parquetFile(features, rows, layout));
    expect(table.columns).toEqual(Object.keys(features));
    expect(table.rows.map(({ line }) => line)).toEqual(rows.map(({ id }) => id + 1));
    expect(cellsOf(table)).toEqual(rows);
  });

  it("decodes the columns that are wanted, and knows the others' names", async () => {
    const table = await read(parquetFile(features, rows), ["label", "other"]);
    expect(table.columns).toEqual(Object.keys(features));
    expect(cellsOf(table)).toEqual(rows.map(({ label }) => ({ label })));
  });

  it("takes a class of -1 for none, and refuses one that it does not name", async () => {
    const file = (label: number) =>
      parquetFile({ label: number }, [{ label: 1 }, { label }], {}, { label: classes("ham", "spam") });
    expect(cellsOf(await read(file(-1)))).toEqual([{ label: "spam" }, { label: null }]);
    expect(await refusal(file(2))).toBe("train.parquet:2: class 2, of 2 (ham, spam)");
  });

  it.each([
    ["empty", new Uint8Array()],
    ["another format", new TextEncoder().encode("text,label\na,ham\n")],
    ["cut short", parquetFile(features, rows).subarray(0, -20)],
    ["nothing but its name", new TextEncoder().encode("PAR1PAR1PAR1PAR1")],
  ])("is refused by name where it is %s", async (_what, bytes) => {
    expect(await refusal(bytes)).toMatch(/^train\.parquet: not a Parquet file, or a damaged one: /);
  });
});

describe("a Parquet file in order", () => {
  it.each([
    [
      "packed in a way that is not read",
      { codec: "BROTLI" as const },
      /^train\.parquet: it is packed by BROTLI, which is/,
    ],
    [
      "encoded so",
      { encoding: "BYTE_STREAM_SPLIT" as const },
      /^train\.parquet: a column is encoded as BYTE_STREAM_SPLIT/,
    ],
  ])("is refused where it is %s", async (_what, layout, message) => {
    expect(await refusal(parquetFile({ id: number }, rows, layout))).toMatch(message);
  });
});

describe("a damaged Parquet file is read or refused, in no more time and memory than it warrants,", () => {
  const files = [
    parquetFile(features, rows, { rowGroupSize: 25 }),
    parquetFile(features, rows, { codec: "UNCOMPRESSED", pageSize: 200 }),
    parquetFile(features, rows, { codec: "GZIP" }),
    parquetFile(features, rows, { codec: "ZSTD" }),
    parquetFile(features, rows, { codec: "UNCOMPRESSED", deltas: true }),
  ];

  async function settles(bytes: Uint8Array): Promise<void> {
    const thrown: unknown = await read(bytes).then(() => undefined, (reason: unknown) => reason);
    if (thrown !== undefined && !(thrown instanceof InputError)) throw thrown;
  }

  it.each([0, 1, 2, 3, 4])("with flipped bytes (file %d)", async (which) => {
    const whole = files[which]!;
    const flips = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 })), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(flips, async (changes) => {
        const bytes = whole.slice();
        for (const [place, change] of changes) bytes[place]! ^= change;
        await settles(bytes);
      }),
      { numRuns: 400 },
    );
  });

  it("with numbers as large as they can be", async () => {
    const places = fc.tuple(fc.nat(files[0]!.length - 1), fc.integer({ min: 1, max: 9 }));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), places, async (whole, [place, length]) => {
        await settles(whole.slice().fill(255, place, place + length));
      }),
      { numRuns: 500 },
    );
  });

  it("cut short, and random", async () => {
    const magic = [0x50, 0x41, 0x52, 0x31];
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.nat(files[0]!.length), async (noise, cut) => {
        await settles(files[0]!.slice(0, cut));
        await settles(noise);
        await settles(Uint8Array.from([...magic, ...noise, noise.length, 0, 0, 0, ...magic]));
      }),
      { numRuns: 300 },
    );
  });
});
