import { describe, expect, it } from "vitest";
import { decodeHeader } from "../../../scripts/mail/encoded_words.ts";

describe("encoded words", () => {
  it.each([
    ["plain", "plain"],
    ["=?iso-8859-1?Q?caf=E9_noir?=", "café noir"],
    ["=?ISO-8859-1?b?Y2Fm6Q==?= at six", "café at six"],
    ["Re: =?utf-8?q?na=C3=AFve?= text", "Re: naïve text"],
    ["=?us-ascii*en?Q?hello?=", "hello"],
    ["=?iso-8859-1?Q?a?= =?iso-8859-1?Q?b?=", "ab"],
    ["=?iso-8859-1?Q?a?=\t =?utf-8?Q?b?=", "ab"],
    ["=?iso-8859-1?Q?a?= and =?utf-8?Q?b?=", "a and b"],
    ["=?no-such?Q?caf=E9?=", "café"],
    ["is 1 =? 2 ?=", "is 1 =? 2 ?="],
  ])("read %s", (header, text) => {
    expect(decodeHeader(header)).toBe(text);
  });

  it("join a character of two bytes that is cut between two words", () => {
    expect(decodeHeader("=?utf-8?Q?na=C3?= =?utf-8?Q?=AFve?=")).toBe("naïve");
  });

  it("let each word of ISO 2022 begin anew", () => {
    expect(decodeHeader("=?iso-2022-jp?B?GyRCRnwbKEI=?= =?iso-2022-jp?B?GyRCS1wbKEI=?=")).toBe("日本");
  });

  it("decode bare bytes, in the charset that the mail names elsewhere or by their looks", () => {
    expect(decodeHeader("\xa37,000 won")).toBe("£7,000 won");
    expect(decodeHeader("\xf0\xf2", "koi8-r")).toBe("ПР");
  });
});
