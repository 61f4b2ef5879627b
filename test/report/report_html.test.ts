import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { readRun } from "../../src/report/read_run.ts";
import { reportHtml } from "../../src/report/report_html.ts";
import { fakeOptions, fakeRun } from "./fake_run.ts";
import { MemoryFiles } from "../host/memory_files.ts";
import { xmlFaults } from "./svg_check.ts";

const report = async (texts: Record<string, string>) => reportHtml(await readRun(MemoryFiles.of(texts)));
const html = await report(fakeRun());
const bodyOf = (html: string) => html.slice(html.indexOf("<body>"), html.indexOf("</body>") + 7).replaceAll("<br>", "");

describe("the report", () => {
  it.each([
    ["what was run", /BERT<\/b> learned on <b>trec<\/b> from a random first batch and then from\s+15 further batches/],
    ["a sentence for a newcomer", /class="finding">With as many labels, BERT learned more/],
    ["learning curves by labelled examples", /labelled examples →/],
    ["the REU table", /<th scope="row">DistilBERT<br><span class="small">distilled; seeds 0-2; 16 points/],
    ["a verdict", /class="verdict reusable">reusable/],
    ["the hypotheses", /H1 says .*<\/p><p>H2 says/],
    ["the overlap", /Overlap with what BERT picked for itself/],
    ["the rare class", /The rarest class among random picks is <b>ABBR<\/b>/],
    ["the confusion of each run", /Seed 2, round 15\./],
    ["the settings", /<dt>successor_model\.training\.lr<\/dt><dd>0\.00002<\/dd>/],
    [
      "what differs between experiments",
      /acquisition_model\.name<\/code><\/th><td>BERT<\/td><td>BERT<\/td><td>DistilBERT<\/td>/,
    ],
    ["versions and adapter", /a made-up adapter.*deno 2\.9\.6/s],
  ])("has %s", (_, expected) => expect(html).toMatch(expected));

  it("allows its own style sheet and nothing else", () => {
    const style = /<style>([^]*?)<\/style>/.exec(html)![1]!;
    const digest = createHash("sha256").update(style).digest("base64");
    expect(html).toContain(
      `content="default-src &#39;none&#39;; style-src &#39;sha256-${digest}&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;"`,
    );
    expect(html.match(/<style/g)).toHaveLength(1);
    expect(html).not.toMatch(/\sstyle="/);
  });

  it("runs no script and loads nothing", () => {
    expect(html).not.toMatch(/<script|<link|<iframe|<img|<object|<embed|\son\w+=|javascript:/i);
    expect(html.match(/https?:\/\/[^"\s]*/g)!.every((url) => url === "http://www.w3.org/2000/svg")).toBe(true);
    expect(html).not.toMatch(/url\(|@import/);
  });

  it("is well formed, with ids that are there once and labels that exist", () =>
    expect(xmlFaults(bodyOf(html))).toEqual([]));

  it("can be read without seeing it: every table has a caption and scoped headers, every chart a title", () => {
    const tables = html.match(/<table[^]*?<\/table>/g)!;
    expect(tables.length).toBeGreaterThan(10);
    for (const table of tables) {
      expect(table).toMatch(/<caption><span>[^<]{10,}/);
      expect(table.match(/<th(?!ead)/g)!.length).toBe(table.match(/<th scope="(row|col)"/g)!.length);
    }
    const charts = html.match(/<svg[^]*?<\/svg>/g)!;
    for (const chart of charts) expect(chart).toMatch(/role="img"[^]*<title [^]*<desc /);
    for (const [, level] of html.matchAll(/<h(\d)/g)) expect(Number(level)).toBeLessThanOrEqual(4);
    for (const landmark of ["<header>", "<nav aria-label", "<main>", "<footer>"]) expect(html).toContain(landmark);
  });

  it("links to every section it has, and to none it has not", () => {
    const links = [...html.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id);
    expect(links.length).toBeGreaterThanOrEqual(7);
    for (const id of links) expect(html).toContain(`id="${id}"`);
  });

  it("gives the same bytes for the same run", async () => expect(await report(fakeRun())).toBe(html));
});

describe("the report of a hostile run", () => {
  const hostile = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>&lt;`;

  it("holds every name as text", async () => {
    const texts = fakeRun({
      ...fakeOptions,
      dataset: `d${hostile}`,
      successor: `s${hostile}`,
      distilled: `t${hostile}`,
      mismatched: `m${hostile}`,
      seeds: [0, 1],
      queries: 2,
      classes: { [`c${hostile}`]: 0.5, "</table>": 0.4, "\u0000\ud800": 0.1 },
    });
    const html = await report(texts);
    expect(xmlFaults(bodyOf(html))).toEqual([]);
    expect(html).not.toMatch(/<script|<img/);
    expect(html).toContain(
      "c&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&gt;&lt;img src=x onerror=alert(1)&gt;&amp;lt;",
    );
  });
});

describe("the report of an unfinished run", () => {
  const whole = fakeRun();

  it("says what is missing and shows the rest", async () => {
    const some = Object.fromEntries(Object.entries(whole).filter(([path]) => !path.startsWith("mismatched/seed-2")));
    const html = await report(some);
    expect(html).toContain("mismatched, seed 2 has not begun.");
    expect(html).toContain('class="verdict');
    expect(xmlFaults(bodyOf(html))).toEqual([]);
  });

  it("can be made before anything was evaluated", async () => {
    const html = await report({ "plan.json": whole["plan.json"]! });
    expect(xmlFaults(bodyOf(html))).toEqual([]);
    expect(html).toContain("No learning curve is there yet");
    expect(html).not.toContain('href="#reu"');
    expect(html).toContain('href="#settings"');
  });

  it("says why curves cannot be compared, and shows the rest", async () => {
    const extra = whole["curves.csv"]!.split("\n").find((line) => line.includes(",self,"))!.replace(/[\d.]+$/, "0.123");
    const html = await report({ ...whole, "curves.csv": `${whole["curves.csv"]}${extra}\n` });
    expect(html).toContain("No REU: two different curves of trec, BERT for BERT, lc, accuracy, seed 0");
    expect(html).toContain("Confusion matrices");
  });
});
