import { describe, expect, it } from "vitest";
import { escapeMarkup, Markup, markup } from "../../src/report/markup.ts";
import { typographic } from "../../src/report/typographic.ts";

describe("markup", () => {
  it("escapes text and keeps markup, at any depth", () => {
    const cell = markup`<td title="${`"`}">${"<&>"}</td>`;
    expect(markup`<tr>${[cell, [cell], "a'b"]}</tr>`.text).toBe(
      `<tr><td title="&quot;">&lt;&amp;&gt;</td><td title="&quot;">&lt;&amp;&gt;</td>a&#39;b</tr>`,
    );
  });

  it("writes nothing for nothing, but writes 0", () => expect(markup`${undefined}${null}${false}${0}`.text).toBe("0"));

  it("takes markup as it is only where that is asked for", () => expect(markup`${new Markup("<b>")}`.text).toBe("<b>"));

  it("drops what XML cannot hold", () =>
    expect(escapeMarkup("a\u0000\u001b\ud800\uffffb\n")).toBe("a\ufffd\ufffd\ufffd\ufffdb\n"));
});

it("minus signs are set before figures only, and a percentage is not split", () => {
  expect(typographic("-0.5 [-1, +2] self-selection DistilGPT-2 88 %")).toBe(
    "\u22120.5 [\u22121, +2] self-selection DistilGPT-2 88\u00a0%",
  );
});
