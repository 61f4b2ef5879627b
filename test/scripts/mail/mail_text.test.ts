import { describe, expect, it } from "vitest";
import { readMail } from "../../../scripts/mail/mail_text.ts";
import { asBytes, utf8 } from "./as_bytes.ts";

const bodyOf = (...lines: string[]) => readMail(asBytes(...lines)).body.trim();

const alternative = (plain: string, html: string) => [
  "Content-Type: multipart/alternative; boundary=x",
  "",
  "--x",
  "Content-Type: text/plain",
  "",
  plain,
  "--x",
  "Content-Type: text/html",
  "",
  html,
  "--x--",
];

const tenWords = "one two three four five six seven eight nine ten";

describe("the text of a mail", () => {
  it("has a decoded subject, empty where there is none", () => {
    expect(readMail(asBytes("Subject: =?utf-8?Q?na=C3=AFve?=", "", "x")).subject).toBe("naïve");
    expect(readMail(asBytes("From: a@b.example", "", "x")).subject).toBe("");
  });

  it("has a body in its declared encoding and charset", () => {
    expect(
      bodyOf(
        "Content-Type: text/plain; charset=iso-8859-15",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "=A4 5",
      ),
    )
      .toBe("€ 5");
    expect(bodyOf("Content-Type: text/plain; charset=utf-8", "", utf8("naïve"))).toBe("naïve");
  });

  it("borrows the charset of an HTML meta where the header names none", () => {
    const html = "<html><meta content='text/html; charset=koi8-r'><body>\xf0\xf2\xe9\xf7\xe5\xf4</body></html>";
    expect(bodyOf("Content-Type: text/html", "", html)).toBe("ПРИВЕТ");
    expect(bodyOf("Content-Type: text/html; charset=iso-8859-1", "", html)).toBe("ПРИВЕТ");
  });

  it("is the plain alternative where there is one", () => {
    expect(bodyOf(...alternative(tenWords, "<p>rich</p>"))).toBe(tenWords);
  });

  it("is the HTML alternative where the plain one only says so", () => {
    expect(bodyOf(...alternative("Your reader cannot show this.", `<p>${tenWords}</p>`))).toBe(tenWords);
    expect(bodyOf(...alternative("", "<p>rich</p>"))).toBe("rich");
  });

  it("keeps a short plain text that has nothing longer beside it", () => {
    expect(bodyOf(...alternative("Yes, do so.", "<p>Yes.</p>"))).toBe("Yes, do so.");
  });

  it("joins the text parts of a mixed mail and leaves attachments out", () => {
    const body = bodyOf(
      "Content-Type: multipart/mixed; boundary=x",
      "",
      "--x",
      "",
      "first",
      "--x",
      "Content-Type: text/plain",
      "Content-Disposition: attachment",
      "",
      "attached",
      "--x",
      "Content-Type: application/pdf",
      "",
      "%PDF",
      "--x",
      "Content-Type: text/html",
      "",
      "<i>second</i>",
      "--x--",
    );
    expect(body.split(/\s+/)).toEqual(["first", "second"]);
  });

  it("holds a forwarded mail with its subject, but not the mail that a bounce returns", () => {
    const inner = ["Content-Type: message/rfc822", "", "Subject: inner", "", "inner text", "--x--"];
    const outer = (
      type: string,
    ) => [`Content-Type: multipart/${type}; boundary=x`, "", "--x", "", "outer", "--x", ...inner];
    expect(bodyOf(...outer("mixed")).split(/\n+/)).toEqual(["outer", "inner", "inner text"]);
    expect(bodyOf(...outer("report"))).toBe("outer");
  });

  it("reads HTML that is sent as plain text, and character references in plain text", () => {
    expect(bodyOf("", "<html><body><font size=2>Buy<br>now</font></body></html>").split(/\s+/)).toEqual(["Buy", "now"]);
    expect(bodyOf("", "&#8220;so&#8221; ?a=1&copy=2")).toBe("“so” ?a=1&copy=2");
  });

  it("cuts a list's plain footer off HTML", () => {
    const footer = ["_".repeat(47), "Some mailing list", "https://example.org/listinfo"];
    expect(bodyOf("Content-Type: text/html", "", "<p>words</p>", ...footer)).toBe("words");
  });
});
