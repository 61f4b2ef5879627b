import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { splitWords } from "../../src/config/overrides.ts";
import { configKeys } from "../../src/config/shape.ts";
import { configText, one, refusal, resolve } from "./resolve.ts";

const document = readFileSync(join(import.meta.dirname!, "../../docs/config.md"), "utf8");

const blocks = [...document.matchAll(/^```(yaml|sh|text)\n(.*?)^```$/gms)].map(([, language, text]) => ({
  language: language!,
  text: text!,
}));
const files = new Map(
  blocks.filter(({ language }) => language === "yaml").map(({ text }) => [/^# (\S+)\n/.exec(text)?.[1] ?? "", text]),
);
const commands = blocks.flatMap(({ language, text }, index) => {
  const answer = blocks[index + 1];
  const expected = answer?.language === "text" ? answer.text.trim() : undefined;
  return language === "sh" ? text.trim().split("\n").map((line) => ({ line, expected })) : [];
});

describe("docs/config.md", () => {
  it("names the file of each config it shows", () => {
    expect([...files.keys()]).toEqual(["mine.yaml", "group_of_mine.yaml", "tasks.yaml", "named.yaml"]);
    expect(commands.length).toBeGreaterThan(7);
  });

  it.each([...files])("shows %s, which resolves", async (_file, text) => {
    expect((await resolve(text)).notices).toEqual([]);
  });

  it.each(commands)("runs $line", async ({ line, expected }) => {
    const [program, command, file = "", ...overrides] = splitWords(line, "docs").map(({ word }) => word);
    expect([program, command]).toEqual(["./pupil", "run"]);
    const text = files.get(file) ?? configText(file.replace(/^configs\/(.*)\.yaml$/, "$1"));
    if (expected === undefined) expect((await resolve(text, overrides)).experiments).not.toHaveLength(0);
    else expect(`pupil: ${await refusal(text, overrides)}`).toBe(expected);
  });

  it("says what its examples make", async () => {
    const group = await resolve(files.get("group_of_mine.yaml")!);
    expect(group.experiments.map(({ name }) => name)).toEqual(["random", "self", "asm-encoder-32", "asm-bag-64"]);
    const named = await one(files.get("named.yaml")!);
    expect(named).toMatchObject({ name: "mail-lc", al: { step_p_or_n: 40 } });
    const tasks = await resolve(files.get("tasks.yaml")!);
    expect(tasks.experiments[1]!.successor_model.training.batch_size_args.batch_size).toBe(8);
  });
});

describe("the table of keys", () => {
  const rows = [...document.matchAll(/^\| `([a-z_.]+)` \|((?:[^|]*\|){5})$/gm)].map(([, key, rest]) => {
    const cells = rest!.split("|").map((cell) => cell.trim());
    return { key: key!, cells: { al_cls: cells[1]!, al_ner: cells[2]!, al_abssum: cells[3]! } };
  });

  it("has every key of the schema once, in its order", () => {
    const own = configKeys().filter((key) => !/_model\.training\./.test(key));
    const training = own.filter((key) => key.startsWith("training."));
    const generation = own.filter((key) => key.startsWith("generation."));
    const rest = own.filter((key) => !training.includes(key) && !generation.includes(key));
    expect(rows.map(({ key }) => key)).toEqual([...rest, ...training, ...generation]);
  });

  const words = ["required", "optional", "required by `_asm`", "follows", "the file's", "-"];
  it.each(["al_cls", "al_ner", "al_abssum"] as const)("gives the defaults of %s", async (base) => {
    const config = await one(configText(base), ["acquisition_model.name=m"]);
    for (const { key, cells } of rows) {
      if (words.includes(cells[base])) continue;
      const path = key.replace(/^training\./, "acquisition_model.training.").split(".");
      const found = path.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], config);
      // The one key that a resolved config does not hold at its default.
      const value = key === "al.scoring_storage" ? found ?? "float32" : found;
      const text = Array.isArray(value) ? `[${value.join(", ")}]` : String(value);
      expect(`${key} ${typeof value === "number" ? Number(cells[base]) : cells[base]}`).toBe(`${key} ${text}`);
    }
  });
});
