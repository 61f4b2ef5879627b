import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { Families } from "../../../scripts/mail/families.ts";
import type { Row } from "../../../scripts/mail/rows.ts";
import { hash } from "../../../src/hash.ts";

const data = new URL("../../../data/", import.meta.url);
const bytes = await readFile(new URL("mail.jsonl.gz", data));
const jsonl = gunzipSync(bytes).toString("utf8");
const rows: Row[] = jsonl.trimEnd().split("\n").map((line) => JSON.parse(line));
const card = await readFile(new URL("mail.md", data), "utf8");

const countOf = (label: string, split?: string) =>
  rows.filter((row) => row.label === label && (split === undefined || row.split === split)).length;

describe("the mail data set", () => {
  it("is the one that its card describes", () => {
    expect(card).toContain(hash(jsonl));
    for (const label of ["ham", "newsletter", "spam"]) {
      expect(card).toContain(
        `| ${label} | ${countOf(label, "train")} | ${countOf(label, "test")} | ${countOf(label)} |`,
      );
    }
    expect(rows).toHaveLength(countOf("ham") + countOf("newsletter") + countOf("spam"));
  });

  it("is small enough to embed, and holds nothing of when it was packed", () => {
    expect(bytes.length).toBeLessThan(2_000_000);
    expect([...bytes.subarray(4, 8)]).toEqual([0, 0, 0, 0]);
  });

  it("has whole rows with unique ids that tell their group", () => {
    const groups = { ham: /^easy-ham-[12]\/\d{5}$/, newsletter: /^hard-ham-1\/\d{5}$/, spam: /^spam-[12]\/\d{5}$/ };
    for (const row of rows) {
      expect(Object.keys(row)).toEqual(["id", "text", "label", "split"]);
      expect(row.id).toMatch(groups[row.label]);
    }
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  });

  it("has every label in both parts, newsletters rare, and about a quarter in test", () => {
    for (const label of ["ham", "newsletter", "spam"]) {
      expect(countOf(label, "test") / countOf(label)).toBeGreaterThan(0.2);
      expect(countOf(label, "test") / countOf(label)).toBeLessThan(0.3);
    }
    expect(countOf("newsletter") / rows.length).toBeLessThan(0.06);
  });

  it("has no empty, untrimmed or overlong text", () => {
    const faulty = rows.filter(({ text }) =>
      text !== text.trim() || text.length > 1000 || !/\p{L}/u.test(text) || /[^\P{Cc}\n]|\ufffd| {2}|\n.*\n/u.test(text)
    );
    expect(faulty).toEqual([]);
  });

  it("has no address, link or telephone number left", () => {
    const left =
      /[\w.+-]+@[\w-]+\.\w|\b(?:https?|ftp):\/|\bwww\.\w|\b[\w-]+\.(?:com|net|org)\b|\(\d{3}\) ?\d{3}-\d{4}/i;
    expect(rows.filter(({ text }) => left.test(text)).map(({ id, text }) => [id, left.exec(text)![0]])).toEqual([]);
  });

  it("has no trace of the corpus' making, which would tell a group", () => {
    const traces = /spamassassin\.taint|\b(?:yyyy|zzzz)\b|^Date: Not supplied|DeathToSpam|=3D|=20$/m;
    expect(rows.filter(({ text }) => traces.test(text)).map(({ id }) => id)).toEqual([]);
  });

  it("has no duplicates, and no family on both sides", () => {
    const families = new Families();
    const kept = rows.filter(({ text }) => families.add(text) !== undefined);
    expect(kept).toHaveLength(rows.length);
    const torn = rows.filter(({ split }, index) => rows[families.firstOf(index)]!.split !== split);
    expect(torn).toEqual([]);
  });
});
