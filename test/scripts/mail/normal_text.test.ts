import { describe, expect, it } from "vitest";
import { firstWords, normalText } from "../../../scripts/mail/normal_text.ts";

describe("normal text", () => {
  it.each([
    ["see http://example.org/a?b=c&d, or", "see <url> or"],
    ["<http://example.org/> <URL:http://example.org>", "<url> <url>"],
    ["(ftp://example.org/x)", "(<url>)"],
    ["www.example.org and example.co.uk/path and News.Com", "<url> and <url> and <url>"],
    ["at 209.203.162.20:8080/x", "at <url>"],
    ["version 2.4.18.1 of e.g. this", "version 2.4.18.1 of e.g. this"],
    ["ann.other+x@example.org, <bob@example.org>", "<email>, <email>"],
    ["mailto:ann@example.org?subject=remove now", "<email> now"],
    ["root@localhost", "<email>"],
    ["call 1-800-555-0199 or (212) 555-0199 or +353 1 234 5678", "call <number> or <number> or <number>"],
    ["key 123456789, not 12345", "key <number>, not 12345"],
    ["$10,000,000 on 08/26/2002 at 12:30:15", "$10,000,000 on 08/26/2002 at 12:30:15"],
  ])("masks: %s", (given, expected) => {
    expect(normalText(given)).toBe(expected);
  });

  it.each([
    ["a \t\n b\u00a0c\u00ad\u200b", "a b c"],
    ["cafe\u0301", "café"],
    ["‘it’ “is” – so", "'it' \"is\" - so"],
    ["Java™ ®©", "Java"],
    ["a ======== b * * * * * c", "a b c"],
    ["wait......... now!!!!!! $$$$$", "wait... now!!! $$$"],
    [`data ${"x".repeat(60)} end`, "data end"],
    ["bad \ufffd\u0007byte", "bad byte"],
  ])("is plain: %j", (given, expected) => {
    expect(normalText(given)).toBe(expected);
  });
});

describe("the first words", () => {
  it("end at a word's end within the length", () => {
    expect(firstWords("one two three", 13)).toBe("one two three");
    expect(firstWords("one two three", 12)).toBe("one two");
    expect(firstWords("one two three", 7)).toBe("one two");
    expect(firstWords("unbroken", 3).length).toBeLessThanOrEqual(3);
  });
});
