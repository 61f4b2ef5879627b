import { describe, expect, it } from "vitest";
import { ownBody, ownSubject } from "../../../scripts/mail/own_words.ts";

describe("the subject", () => {
  it.each([
    ["[ILUG] Dell", "Dell"],
    ["Re: [ILUG] Dell", "Re: Dell"],
    ["[ILUG] Re: Dell", "Re: Dell"],
    ["Re: [A] Re: [B] RE: Dell", "Re: Dell"],
    ["Re[2]: Dell", "Re[2]: Dell"],
    ["Fwd:  Fw: Dell", "Fwd: Dell"],
    ["[zzzzteana] Dell", "Dell"],
    ["yyyy, claim your money", "claim your money"],
    ["Need money? [lzgsy]", "Need money? [lzgsy]"],
    ["Regarding: Dell", "Regarding: Dell"],
  ])("%s becomes %s", (subject, expected) => {
    expect(ownSubject(subject)).toBe(expected);
  });
});

describe("the body", () => {
  it.each([
    ["URL: http://example.org/1\nDate: Not supplied\n\nNews", "News"],
    ["[IMG: http://example.org/a.gif ([Source])] News", "News"],
    ["-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA1\n\nNews", "News"],
    ["Dear zzzzason, hello", "Dear hello"],
    ["> quoted\n\nNews\n-- \nAnn", "News"],
  ])("%j becomes %s", (body, expected) => {
    expect(ownBody(body).trim()).toBe(expected);
  });
});
