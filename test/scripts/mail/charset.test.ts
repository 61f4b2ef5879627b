import { describe, expect, it } from "vitest";
import { decodeCharset, isCharset } from "../../../scripts/mail/charset.ts";
import { utf8 } from "./as_bytes.ts";

describe("charsets", () => {
  it.each([
    ["iso-8859-1", "caf\xe9", "café"],
    ["ISO-8859-15", "\xa4", "€"],
    ["windows-1252", "\x93so\x94", "“so”"],
    ["koi8-r", "\xf0\xf2\xe9\xf7\xe5\xf4", "ПРИВЕТ"],
    ["big5", "\xa4\xa4", "中"],
    ["ks_c_5601-1987", "\xb1\xa4", "광"],
    ["utf-8", utf8("naïve"), "naïve"],
    ["iso-2022-jp", "\x1b$BF|\x1b(B", "日"],
  ])("decode %s", (label, bytes, text) => {
    expect(decodeCharset(bytes, label)).toBe(text);
  });

  it.each([undefined, "", "unknown-8bit", "DEFAULT_CHARSET", "unicode"])(
    "take %s for UTF-8 where it is valid, else for Windows-1252",
    (label) => {
      expect(decodeCharset(utf8("naïve"), label)).toBe("naïve");
      expect(decodeCharset("na\xefve \x96", label)).toBe("naïve –");
    },
  );

  it("believe the bytes where they contradict a default", () => {
    expect(decodeCharset(utf8("naïve"), "us-ascii")).toBe("naïve");
    expect(decodeCharset("na\xefve", "us-ascii")).toBe("naïve");
  });

  it("decode what they can of a text in the charset that its header names", () => {
    expect(decodeCharset("a\xff", "utf-8")).toBe("aÿ");
    expect(decodeCharset("\xa4\xa4\xff", "big5")).toContain("中");
  });

  it("take the hint before they guess", () => {
    expect(decodeCharset("\xf0\xf2", undefined, "koi8-r")).toBe("ПР");
    expect(decodeCharset("\xf0\xf2", "iso-8859-1", "koi8-r")).toBe("ПР");
    expect(decodeCharset("\xf0\xf2", "iso-8859-2", "koi8-r")).toBe("đň");
  });

  it("know their labels", () => {
    expect(isCharset("gb2312")).toBe(true);
    expect(isCharset("utf-16")).toBe(false);
    expect(isCharset("chinesebig5")).toBe(false);
  });
});
