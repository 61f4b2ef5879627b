import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { plot } from "../../../cli/commands/plot.ts";
import { report } from "../../../cli/commands/report.ts";
import { reu } from "../../../cli/commands/reu.ts";
import type { Command } from "../../../cli/command.ts";
import type { ReuRow } from "../../../src/evaluation/reu_row.ts";
import { InputError } from "../../../src/errors.ts";
import { FakeIo } from "../fake_io.ts";
import { fakeRun } from "../../report/fake_run.ts";

const fixture = join(import.meta.dirname!, "../../fixtures/thesis_curves.csv");
let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "pupil-reports-"));
  for (const [path, text] of Object.entries(fakeRun())) {
    mkdirSync(dirname(join(cwd, "run", path)), { recursive: true });
    writeFileSync(join(cwd, "run", path), text);
  }
  writeFileSync(join(cwd, "curves.csv"), readFileSync(fixture));
  writeFileSync(join(cwd, "empty.csv"), "");
  writeFileSync(join(cwd, "binary.csv"), new Uint8Array([0xff, 0xfe, 0xff]));
  mkdirSync(join(cwd, "folder"));
});
afterAll(() => rmSync(cwd, { recursive: true }));

const call = async (command: Command, ...args: string[]) => {
  const io = new FakeIo(false, cwd, 100);
  const code = await command.run(args, io);
  return { code, stdout: io.stdout, stderr: io.stderr };
};

describe("pupil reu", () => {
  it("prints the table of a CSV file", async () => {
    const { code, stdout } = await call(reu, "curves.csv");
    expect(code).toBe(0);
    expect(stdout).toMatch(/DistilRoBERTa +distilled +\+0\.007 +better than self/);
    expect(stdout).toContain("undefined: self-selection does not beat random");
  });

  it("prints one JSON document, with the documented fields", async () => {
    const { code, stdout, stderr } = await call(reu, "run", "--json");
    expect([code, stderr]).toEqual([0, ""]);
    const rows = JSON.parse(stdout);
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({
      dataset: "trec",
      successor: "BERT",
      acquisition: "DistilBERT",
      strategy: "lc",
      metric: "accuracy",
      relation: "distilled",
      seeds: ["0", "1", "2"],
      aulc_random: expect.any(Number),
      aulc_self: expect.any(Number),
      aulc_asm: expect.any(Number),
      reu: expect.any(Number),
      reu_interval: [expect.any(Number), expect.any(Number)],
      verdict: "reusable",
    });
  });

  it("gives a relation that nobody knows, and intervals that one seed cannot have, as null", async () => {
    const thesis = readFileSync(join(cwd, "curves.csv"), "utf8");
    writeFileSync(join(cwd, "own.csv"), thesis.replaceAll("DistilBERT", "a small model"));
    const rows = JSON.parse((await call(reu, "own.csv", "--json")).stdout);
    expect(rows).toHaveLength(14);
    const relationOf = (acquisition: string) => rows.find((row: ReuRow) => row.acquisition === acquisition)!.relation;
    expect([relationOf("a small model"), relationOf("TinyBERT")]).toEqual([null, "distilled"]);
    expect(rows[0]).toMatchObject({ reu_interval: null });
  });
});

describe("pupil plot", () => {
  it("writes DIR/curves.svg and prints its path", async () => {
    const { code, stdout } = await call(plot, "run");
    expect([code, stdout]).toEqual([0, `${join("run", "curves.svg")}\n`]);
    expect(readFileSync(join(cwd, "run/curves.svg"), "utf8")).toMatch(/^<svg[^]*labelled examples[^]*<\/svg>\n$/);
  });

  it("writes where -o says, and draws a CSV file by rounds", async () => {
    expect((await call(plot, "curves.csv", "-o", "out/x.svg")).stdout).toBe("out/x.svg\n");
    expect(readFileSync(join(cwd, "out/x.svg"), "utf8")).toContain("round →");
    expect((await call(plot, "curves.csv")).stdout).toBe("curves.svg\n");
  });
});

describe("pupil report", () => {
  it("writes DIR/report.html, and nothing half-written beside it", async () => {
    const { code, stdout, stderr } = await call(report, "run");
    expect([code, stdout, stderr]).toEqual([0, `${join("run", "report.html")}\n`, ""]);
    expect(readFileSync(join(cwd, "run/report.html"), "utf8")).toMatch(/^<!DOCTYPE html>[^]*<\/html>\n$/);
    expect(readdirSync(join(cwd, "run")).filter((name) => name.includes("tmp"))).toEqual([]);
  });
});

describe("a user's mistake", () => {
  it.each<[Command, string[], RegExp]>([
    [reu, [], /an argument is missing\nUsage: pupil reu CURVES\.csv\|DIR \[--json\]/],
    [reu, ["nope.csv"], /^nope\.csv: no such file or folder/],
    [reu, ["curves.csv", "--jsn"], /unknown flag --jsn\. Did you mean --json\?/],
    [reu, ["empty.csv"], /^empty\.csv: the file is empty/],
    [reu, ["binary.csv"], /^binary\.csv: not UTF-8 text/],
    [reu, ["folder"], /^folder: no curves/],
    [plot, ["folder"], /^folder: no curves/],
    [plot, ["run", "-o"], /-o needs a value/],
    [report, ["folder"], /folder: not a run directory, for it has no plan\.json/],
    [report, ["curves.csv"], /^curves\.csv: a file, where a run directory is expected/],
    [report, ["nope"], /^nope: no such file or folder/],
  ])("%# is named in one or two lines", async (command, args, message) => {
    const error = await call(command, ...args).then(() => undefined, (thrown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message.split("\n").length).toBeLessThanOrEqual(2);
  });
});
