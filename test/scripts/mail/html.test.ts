import { describe, expect, it } from "vitest";
import { htmlToText, looksLikeHtml } from "../../../scripts/mail/html.ts";

const text = (html: string) =>
  htmlToText(html).split("\n").map((line) => line.replace(/\s+/g, " ").trim()).filter((line) => line).join("|");

describe("the text of HTML", () => {
  it.each([
    ["<p>One\ntwo</p><p>three<br>four</p>", "One two|three|four"],
    ["<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b|c"],
    ["vi<b>ag</b>ra", "viagra"],
    ["v<!-- x -->i<!-- multi\nline -->agra", "viagra"],
    ["<head><title>T</title><style>b { x: y }</style></head><body>shown</body>", "shown"],
    ["<script>if (a < b) document.write('<p>no</p>')</script>yes", "yes"],
    ['<a href="http://x.example/?a>b">link</a>', "link"],
    ['<!DOCTYPE HTML PUBLIC "-//W3C//DTD"><![if !vml]>a<![endif]>', "a"],
    ["mine<blockquote type=cite>theirs</blockquote>mine too", "mine|mine too"],
    ["mine<blockquote>an indent</blockquote>", "mine|an indent"],
    ["1 < 2 and 3 > 2", "1 < 2 and 3 > 2"],
    ["a&nbsp;b &lt;tag&gt; &amp;amp; &eacute;&#233;&#xE9;", "a b <tag> &amp; ééé"],
  ])("%s", (html, expected) => {
    expect(text(html)).toBe(expected);
  });

  it("reads numbers of Windows-1252, and leaves what is no reference", () => {
    expect(text("it&#146;s &#8364;5 AT&T &unknown; &#0;")).toBe("it’s €5 AT&T &unknown; \ufffd");
  });

  it("loses no text to a tag that is not closed", () => {
    expect(text('<meta name="x" <meta name="y"><p>one <img src="a.gif" <br>two')).toBe("one|two");
    expect(text("before <a href=")).toBe("before");
    expect(text('<font face="Arial" <b>bold</b> text')).toBe("bold text");
  });

  it("stops at a comment that is not closed", () => {
    expect(text("shown <!-- hidden")).toBe("shown");
  });
});

describe("HTML that calls itself plain text", () => {
  it.each([
    ["<html><body><p>Hi<br>there</body></html>", true],
    ['Dear all, see <a href="x">here</a>', true],
    ["<b>One</b> word and <i>another</i>", false],
    ["From: Ann <ann@example.org>\nuse <br> in HTML", false],
  ])("%s", (given, expected) => {
    expect(looksLikeHtml(given)).toBe(expected);
  });
});
