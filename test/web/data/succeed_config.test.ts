import { describe, expect, it } from "vitest";
import type { LabelRow } from "../../../web/data/labels.ts";
import { succeedConfig, type Succession } from "../../../web/data/succeed_config.ts";
import { one } from "../../config/resolve.ts";

const row = (id: string, label: string): LabelRow => ({ id, text: `text of ${id}`, label, by: "me", at: null });
const succession: Succession = {
  dataset: "письма: 1",
  metric: "macro_f1",
  model: "encoder-64",
  embedded: true,
  labelled: [row("1", "x"), row("2", "y"), row("3", "x")],
  test: [row("4", "x"), row("5", "z"), row("6", "y")],
  paths: { labelled: "labels.jsonl", test: "test.jsonl" },
};

function filesOf(changes: Partial<Succession> = {}) {
  const files = succeedConfig({ ...succession, ...changes });
  if ("lacking" in files) throw new Error(files.lacking);
  return files;
}

describe("the config of a successor", () => {
  it("trains it once, on all that was labelled", async () => {
    const { config } = filesOf();
    expect(await one(config)).toMatchObject({
      name: "succeed",
      metric: "macro_f1",
      seeds: [0],
      data: { dataset_name: "письма: 1", train: "labels.jsonl", test: "test.jsonl", validation: 0 },
      al: { strategy: "random", init_p_or_n: 3, num_queries: 0 },
      acquisition_model: { name: "encoder-64", training: { steps: 40 } },
      successor_model: { name: "encoder-64", training: { steps: 40 } },
    });
  });

  it("takes another model as its first lines say", async () => {
    const { config } = filesOf();
    const [, command] = /succeed\.yaml (successor_model.*) --out/.exec(config)!;
    const { al_type, successor_model } = await one(config, command!.split(" "));
    expect(al_type).toBe("one");
    expect(successor_model).toMatchObject({ name: "./my-model", training: { lr: 2e-5, max_length: 256 } });
  });

  it("trains a pretrained model as such", async () => {
    const { successor_model } = await one(filesOf({ model: "./bert", embedded: false }).config);
    expect(successor_model).toMatchObject({ name: "./bert", training: { lr: 2e-5, step_rule: "algorithm1" } });
  });

  it("leaves test texts out whose class was never labelled, and says so", () => {
    const { config, test } = filesOf();
    expect(test.trim().split("\n").map((line) => JSON.parse(line))).toEqual([
      { id: "4", text: "text of 4", label: "x" },
      { id: "6", text: "text of 6", label: "y" },
    ]);
    expect(config).toContain("# Test texts left out, since their class was never labelled: 1.");
    expect(filesOf({ test: [row("4", "x")] }).config).not.toContain("left out, since");
  });

  it("cannot be made of too little", () => {
    expect(succeedConfig({ ...succession, labelled: [row("1", "x")] })).toEqual({
      lacking: "fewer than two classes are labelled so far",
    });
    expect(succeedConfig({ ...succession, test: [row("1", "z")] })).toEqual({
      lacking: "no test text is of a class that is labelled so far",
    });
  });
});
