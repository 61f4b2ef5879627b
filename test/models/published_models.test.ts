import { describe, expect, it } from "vitest";
import { publishedModels, wasDistilledFrom } from "../../src/models/published_models.ts";
import { models } from "../../src/models/registry.ts";

describe("the thesis's models", () => {
  it("are all known to plans, under one name each, with teachers among them", () => {
    const names = publishedModels.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, distilledFrom } of publishedModels) {
      expect(models.get(name).distilledFrom).toBe(distilledFrom);
      if (distilledFrom !== undefined) expect(names).toContain(distilledFrom);
    }
  });

  // Every pair of the thesis's tables 1 to 5.
  it.each([
    ["DistilBERT", "BERT", true],
    ["ELECTRA small", "BERT", false],
    ["TinyBERT", "BERT", true],
    ["DistilBERT", "GPT-2", false],
    ["DistilGPT-2", "GPT-2", true],
    ["DistilRoBERTa", "RoBERTa", true],
    ["ELECTRA small", "RoBERTa", false],
    ["RuBERT-tiny2", "RuBERT", false],
    ["RuBERT-tiny", "BERT", true],
    ["RuBERT-tiny2", "BERT", true],
    ["Multilingual MiniLM", "BERT", false],
    ["DistilGPT-2", "BERT", false],
    ["DistilRoBERTa", "GPT-2", false],
    ["DistilBERT", "RoBERTa", false],
    ["DistilRuBERT", "RuBERT", true],
    ["RuBERT-tiny", "RuBERT", false],
    ["MiniLM Multiling", "BERT", false],
    ["BART-base", "T5-base", false],
    ["DistilBART", "T5-base", false],
    ["T5-small", "T5-base", false],
  ])("%s was distilled from %s: %s", (pupil, teacher, expected) => {
    expect(wasDistilledFrom(pupil, teacher)).toBe(expected);
  });

  it("are the same under the names that the hub has moved them to", () => {
    expect(wasDistilledFrom("distilbert/distilbert-base-cased", "bert-base-cased")).toBe(true);
    expect(wasDistilledFrom("distilbert-base-cased", "google-bert/bert-base-cased")).toBe(true);
    expect(wasDistilledFrom("distilbert-base-cased", "google-bert/bert-base-uncased")).toBe(false);
  });

  it("are all that is said anything of", () => {
    expect(wasDistilledFrom("DistilBERT", "my-bert")).toBeUndefined();
    expect(wasDistilledFrom("my-bert", "BERT")).toBeUndefined();
  });
});
