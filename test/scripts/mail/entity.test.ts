import { describe, expect, it } from "vitest";
import { parseEntity } from "../../../scripts/mail/entity.ts";

const parse = (...lines: string[]) => parseEntity(lines.join("\n"));

describe("a MIME entity", () => {
  it("has headers by lower-case name, unfolded, the first where one recurs", () => {
    const { headers } = parse(
      "From someone@example.org  Thu Aug 22 12:36:23 2002",
      "SUBJECT: one",
      " two",
      "\tthree",
      "Subject: other",
      "X-Empty:",
      "",
      "body",
    );
    expect(headers.get("subject")).toBe("one two\tthree");
    expect(headers.get("x-empty")).toBe("");
    expect(headers.has("from someone@example.org  thu aug 22 12")).toBe(false);
  });

  it("is plain text by default, with its transfer encoding undone", () => {
    const entity = parse("Content-Transfer-Encoding: base64", "", "aGk=");
    expect(entity).toMatchObject({ type: "text/plain", content: "hi", children: [] });
  });

  it.each([
    ['text/html; charset="big5"', "text/html", "big5"],
    ["TEXT/HTML;charset=BIG5 ; x=y", "text/html", "BIG5"],
    ["text/plain; format=flowed;\n charset='utf-8'", "text/plain", "utf-8"],
    ["text", "text/plain", undefined],
  ])("reads its type from %s", (header, type, charset) => {
    expect(parse(`Content-Type: ${header}`, "", "")).toMatchObject({ type, charset });
  });

  it("reads line ends of both kinds", () => {
    const { headers, content } = parseEntity("Subject: a\r\n b\r\n\r\nbody\r\n");
    expect([headers.get("subject"), content]).toEqual(["a b", "body\r\n"]);
  });

  it("may have no body, or no header", () => {
    expect(parse("Subject: a").content).toBe("");
    expect(parse("", "body").content).toBe("body");
  });

  it("has the parts of a multipart, nested ones too, without preamble and epilogue", () => {
    const entity = parse(
      'Content-Type: multipart/mixed; boundary="a+b (c)"',
      "",
      "preamble",
      "--a+b (c)",
      "Content-Type: multipart/alternative; boundary=inner",
      "",
      "--inner",
      "",
      "plain",
      "--inner",
      "Content-Type: text/html",
      "",
      "<b>rich</b>",
      "--inner--",
      "--a+b (c)  ",
      "Content-Type: image/gif",
      "Content-Disposition: attachment; filename=x.gif",
      "",
      "GIF",
      "--a+b (c)--",
      "epilogue",
    );
    const [alternative, image] = entity.children;
    expect(entity.children).toHaveLength(2);
    expect(alternative!.children.map(({ type, content }) => [type, content.trim()])).toEqual([
      ["text/plain", "plain"],
      ["text/html", "<b>rich</b>"],
    ]);
    expect(image).toMatchObject({ type: "image/gif", attached: true });
  });

  it("ends the last part where the mail ends", () => {
    const entity = parse("Content-Type: multipart/mixed; boundary=x", "", "--x", "", "cut o");
    expect(entity.children.map(({ content }) => content)).toEqual(["cut o"]);
  });

  it("holds the mail within message/rfc822, and in each part of a digest", () => {
    const forwarded = parse("Content-Type: message/rfc822", "", "Subject: inner", "", "text");
    expect(forwarded.children[0]!.headers.get("subject")).toBe("inner");
    const digest = parse(
      "Content-Type: multipart/digest; boundary=x",
      "",
      "--x",
      "",
      "Subject: first",
      "",
      "text",
      "--x--",
    );
    expect(digest.children[0]!.children[0]!.headers.get("subject")).toBe("first");
  });

  it("is divided as its body shows where the header lacks the boundary or names another", () => {
    const body = ["This is a MIME message", "", "--real one", "Content-Type: text/html", "", "<p>hi", "--real one--"];
    for (const header of ["Subject: no type", "Content-Type: multipart/mixed; boundary=wrong"]) {
      expect(parse(header, "", ...body).children.map(({ type }) => type)).toEqual(["text/html"]);
    }
  });

  it("is text where nothing divides it, or where it only quotes what would", () => {
    expect(parse("Content-Type: multipart/mixed; boundary=x", "", "just text").content).toBe("just text");
    const quoting = parse(
      "Subject: MIME",
      "",
      "I saw this mail.",
      "It is odd, for its parts",
      "are these:",
      "",
      "--x",
      "Content-Type: a/b",
    );
    expect(quoting.children).toEqual([]);
  });
});
