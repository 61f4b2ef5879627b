import { describe, expect, it } from "vitest";
import { Families } from "../../../scripts/mail/families.ts";

const words = (from: number, to: number) =>
  Array.from(
    { length: to - from },
    (_, index) => `w${"abcdefghij"[(from + index) % 10]}${"klmnopqrst"[Math.floor((from + index) / 10)]}`,
  ).join(" ");

describe("families of texts", () => {
  it("leave out a text that differs in digits, case, masks or a few words only", () => {
    const families = new Families();
    expect(families.add(`Dear Ann 123, ${words(0, 40)} <url>`)).toBe(0);
    expect(families.add(`DEAR ANN 987, ${words(0, 40)}!`)).toBeUndefined();
    expect(families.add(`Dear Bob, ${words(0, 40)} hjklq`)).toBeUndefined();
  });

  it("keep different texts, numbered in order, each its own family", () => {
    const families = new Families();
    expect([words(0, 40), words(40, 80)].map((text) => families.add(text))).toEqual([0, 1]);
    expect([0, 1].map((index) => families.firstOf(index))).toEqual([0, 1]);
  });

  it("join relatives, and relatives of relatives that came later", () => {
    const families = new Families();
    families.add(words(0, 40));
    families.add(words(40, 80));
    expect(families.add(words(20, 60))).toBe(2);
    expect([0, 1, 2].map((index) => families.firstOf(index))).toEqual([0, 0, 0]);
  });

  it("take texts of less than three words", () => {
    const families = new Families();
    expect([families.add("one two"), families.add("one three"), families.add("One, two!"), families.add("")]).toEqual([
      0,
      1,
      undefined,
      2,
    ]);
  });
});
