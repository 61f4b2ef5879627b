import { describe, expect, it } from "vitest";
import { InputError } from "../../src/errors.ts";
import { MemoryFiles } from "../host/memory_files.ts";
import { executeAll, experiment, prepareStub } from "./stub_plan.ts";

const path = "self/seed-0/journal.jsonl";

/** A finished run's files after its journal's lines were changed. */
async function tampered(change: (lines: string[]) => string[]): Promise<{ files: MemoryFiles; lines: string[] }> {
  const files = new MemoryFiles();
  await executeAll(await prepareStub([experiment()]), files);
  const lines = files.texts()[path]!.trimEnd().split("\n");
  await files.write(path, new TextEncoder().encode(change([...lines]).map((line) => line + "\n").join("")));
  return { files, lines };
}

const lineOf = (lines: readonly string[], part: string) => lines.findIndex((line) => line.includes(part));

/** Changes one line that holds `part`. */
function replace(part: string, text: (line: string) => string) {
  return (lines: string[]) => lines.map((line, index) => (index === lineOf(lines, part) ? text(line) : line));
}

async function message(files: MemoryFiles, changes: Parameters<typeof experiment>[0] = {}): Promise<string> {
  const thrown = await executeAll(await prepareStub([experiment(changes)]), files).then(
    () => undefined,
    (reason) => reason,
  );
  expect(thrown).toBeInstanceOf(InputError);
  return (thrown as InputError).message;
}

describe("a journal that this plan did not write", () => {
  it.each<[what: string, part: string, text: (line: string) => string, message: RegExp]>([
    ["is not JSON in the middle", '"acquire","round":2', () => "nonsense", /: not JSON/],
    ["misses a field", '"acquire","round":2', (line) => line.replace('"ids"', '"idz"'), /: not a journal event: ids/],
    [
      "names an example that the data lack",
      '"warm_start"',
      (line) => line.replace("train-", "mail-"),
      /: the data have no example 'mail-/,
    ],
    [
      "labels what was not acquired",
      '"label","round":1',
      (line) => line.replace(/train-\d+/, "train-x"),
      /: the example 'train-x' was not acquired in round 1/,
    ],
    [
      "trained on something else",
      '"train","round":1',
      (line) => line.replace(/"training":"./, '"training":"-'),
      /: training -.* stands where .* belongs/,
    ],
    [
      "goes on with another round",
      '"score","round":2',
      (line) => line.replace("2", "7"),
      /: 'score' of round 7 stands where 'score' of round 2 belongs/,
    ],
  ])("is refused where it %s, with file and line", async (_what, part, text, expected) => {
    const { files, lines } = await tampered(replace(part, text));
    const before = files.texts();
    const said = await message(files);
    expect(said.startsWith(`memory:${path}:${lineOf(lines, part) + 1}: `), said).toBe(true);
    expect(said).toMatch(expected);
    expect(said.split("\n").length).toBeLessThanOrEqual(2);
    expect(files.texts(), "nothing is written").toEqual(before);
  });

  it("is refused where a line is missing", async () => {
    const { files, lines } = await tampered((all) =>
      all.filter((_, index) => index !== lineOf(all, '"acquire","round":1'))
    );
    expect(await message(files)).toMatch(
      new RegExp(
        `:${lineOf(lines, '"acquire","round":1') + 1}: 'label' of round 1 stands where 'acquire' of round 1 belongs`,
      ),
    );
  });

  it("is refused where it goes on after the last round", async () => {
    const { files, lines } = await tampered((all) => all);
    const after = lines.findLastIndex((line) => line.includes('"evaluate","round":2')) + 2;
    expect(await message(files, { al: { num_queries: 2 } })).toMatch(
      new RegExp(`:${after}: more is recorded than this plan has rounds\n.*--out$`),
    );
  });

  it("is refused where the scores that it names are gone or broken", async () => {
    const { files } = await tampered((all) => all);
    const scores = "self/seed-0/scores-2.bin";
    await files.write(scores, new TextEncoder().encode("PSC1"));
    await expect(executeAll(await prepareStub([experiment()]), files)).rejects.toThrow(
      `memory:${scores} is not a file of scores`,
    );
  });
});
