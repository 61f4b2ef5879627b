import { describe, expect, it } from "vitest";
import { withoutQuotations } from "../../../scripts/mail/quotations.ts";

const kept = (...lines: string[]) =>
  withoutQuotations(lines.join("\n")).split("\n").map((line) => line.trim()).filter((line) => line);

describe("quotations", () => {
  it.each([
    [["> quoted", "mine"], ["mine"]],
    [["  >> quoted", "mine"], ["mine"]],
    [["JM> quoted", "mine"], ["mine"]],
    [["On Monday, Ann wrote:", "> quoted", "", "mine"], ["mine"]],
    [["On Mon, 26 Aug 2002, Ann Other", "<ann@example.org> wrote:", "> quoted", "mine"], ["mine"]],
    [["hello", "", "Ann Other wrote:", "", "> quoted", "mine"], ["hello", "mine"]],
    [["On Mon, Aug 12, 2002 at 11:02, Ann mentioned:", "> quoted", "mine"], ["mine"]],
    [["Ann (ann@example.org) wrote*:", "> quoted", "mine"], ["mine"]],
    [["Quoting Ann (ann@example.org):", "> quoted", "mine"], ["mine"]],
    [["On Monday Ann wrote:", "--]quoted", "--]more", "mine"], ["mine"]],
    [["On Monday Ann wrote:", "| quoted", "mine", "| quoted too"], ["mine"]],
  ])("go with who is quoted: %j", (lines, expected) => {
    expect(kept(...lines)).toEqual(expected);
  });

  it.each([
    [["She wrote a book:", "I read it."]],
    [["On 3 September we meet.", "Bring cake."]],
    [["| a | b |", "| 1 | 2 |"]],
    [["2 > 1, as everybody knows"]],
  ])("are not seen where there are none: %j", (lines) => {
    expect(kept(...lines)).toEqual(lines);
  });

  it("end a reply at the original message", () => {
    expect(kept("mine", "", "-----Original Message-----", "From: Ann", "Subject: x", "", "theirs")).toEqual(["mine"]);
  });

  it("leave the text of an original that is only passed on", () => {
    expect(kept("----- Original Message -----", "From: Ann", "To: Bob", "Subject: x", "", "theirs")).toEqual([
      "theirs",
    ]);
  });

  it("leave the text of a forwarded mail without its headers", () => {
    const lines = [
      "look:",
      "--- begin forwarded text",
      "Date: today",
      "From: Ann",
      "To: Bob,",
      " Carol",
      "",
      "news",
      "--- end forwarded text",
    ];
    expect(kept(...lines)).toEqual(["look:", "news"]);
  });
});
