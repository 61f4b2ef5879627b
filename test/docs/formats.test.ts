import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { usualColumns } from "../../src/data/columns.ts";
import { loadLabelled } from "../../src/data/load_file.ts";
import { parseCurves } from "../../src/evaluation/curves_csv.ts";
import { formatCurves } from "../../src/evaluation/format_curves.ts";
import { readJournal } from "../../src/experiment/read_journal.ts";
import type { PlanRecord, TrainingRecord } from "../../src/experiment/records.ts";
import { encodeScores } from "../../src/experiment/score_file.ts";
import { architectures } from "../../src/models/architectures.ts";
import { classifierParameters } from "../../src/models/model.ts";

const page = readFileSync(join(import.meta.dirname!, "../../docs/formats.md"), "utf8");

/** The text below a heading, to the next of its kind. */
function section(title: string): string {
  const [, text] = page.split(`\n## ${title}\n`);
  if (text === undefined) throw new Error(`docs/formats.md has no section '${title}'`);
  return text.split("\n## ")[0]!;
}

function examples(title: string, language: string): string[] {
  return [...section(title).matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(([, text]) => text!);
}

/** What the first column of a section's tables names in backticks. */
function firstColumn(title: string): string[] {
  return [...section(title).matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell]) =>
    cell!.match(/(?<=`)[^`,]+(?=`)/g) ?? []
  )
    .map((name) => name.trim()).filter((name) => name !== "");
}

const bytes = (text: string) => new TextEncoder().encode(text);

describe("docs/formats.md", () => {
  it("shows a journal that can be read, and explains each event", () => {
    const [text] = examples("journal.jsonl", "jsonl");
    const { events, torn } = readJournal(bytes(text!), "docs/formats.md");
    expect(torn).toBe(false);
    const kinds = firstColumn("journal.jsonl");
    expect(kinds).toEqual(["warm_start", "train", "score", "acquire", "label", "evaluate"]);
    expect(new Set(events.map(({ event }) => event))).toEqual(new Set(kinds));
    const explained = section("journal.jsonl");
    for (const field of events.flatMap((event) => Object.keys(event))) {
      if (field !== "event") expect(explained).toContain(`\`${field}\``);
    }
  });

  it("shows curves that are written as they are read", () => {
    const [text] = examples("curves.csv", "csv");
    const curves = parseCurves(text!, "docs/formats.md");
    expect(curves.map(({ relation }) => relation)).toEqual(["random", "self", "mismatched"]);
    expect(formatCurves(curves)).toBe(text);
    const columns = text!.split("\n")[0]!.split(",").filter((name) => !/^score_/.test(name));
    expect(firstColumn("curves.csv")).toEqual([...columns, "score_N"]);
  });

  it("explains each key of a plan and of a training", () => {
    const plan: PlanRecord = JSON.parse(examples("plan.json", "json")[0]!);
    expect(firstColumn("plan.json")).toEqual(Object.keys(plan));
    const training: TrainingRecord = JSON.parse(examples("trainings/HASH.json", "json")[0]!);
    const explained = section("trainings/HASH.json");
    for (const key of Object.keys(training)) expect(explained, key).toMatch(new RegExp(`\`${key}\`|"${key}"`));
    expect(training.losses).toHaveLength(training.steps);
    expect(training.evaluation!.confusion).toHaveLength(training.evaluation!.labels.length);
  });

  it("gives the places in a file of scores", () => {
    const file = encodeScores({ ids: ["a", "ж"], scores: Float32Array.of(0.5, -1) });
    const view = new DataView(file.buffer);
    const text = (from: number, to?: number) => new TextDecoder().decode(file.subarray(from, to));
    expect(text(0, 4)).toBe(/^\| 0 to 3 \| `(.*)` \|$/m.exec(section("scores-N.bin"))![1]);
    expect([view.getUint32(4, true), view.getFloat32(8, true), view.getFloat32(12, true)]).toEqual([2, 0.5, -1]);
    expect(JSON.parse(text(8 + 4 * 2))).toEqual(["a", "ж"]);
  });

  it("shows the bag's configuration, and all its tensors", () => {
    const architecture = architectures.get("bag");
    const config = architecture.parseConfig(JSON.parse(examples("A model folder", "json")[0]!), "docs/formats.md");
    const named = section("A model folder");
    for (const { name } of classifierParameters({ architecture, config, classes: 2 })) {
      expect(named).toContain(`\`${name}\``);
    }
  });

  it("gives the defaults of our own keys of a BERT", () => {
    const size = { vocab_size: 8, hidden_size: 4, num_hidden_layers: 1, num_attention_heads: 2, intermediate_size: 4 };
    const config = architectures.get("bert").parseConfig({ model_type: "bert", ...size }, "config.json");
    expect(config).toMatchObject({ pooling: "first", matrix_initializer: "normal" });
    expect(section("A model folder")).toMatch(
      /\| `pooling` .*\| `first` \|\n(.*\n)?\| `matrix_initializer` .*\| `normal` \|/,
    );
  });

  it("shows input files that say the same", async () => {
    const read = (name: string, text: string) => loadLabelled({ name, bytes: bytes(text) }, usualColumns);
    const rows = (part: Awaited<ReturnType<typeof read>>) => part.map(({ text, label }) => [text, label]);
    const jsonl = await read("mails.jsonl", examples("Input files", "jsonl")[0]!);
    const csv = await read("mails.csv", examples("Input files", "csv")[0]!);
    expect(rows(jsonl)).toHaveLength(2);
    expect(rows(csv)).toEqual(rows(jsonl));
  });
});
