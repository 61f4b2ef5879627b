import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { assets } from "../../cli/host/assets.ts";
import type { InitialParameter } from "../../src/models/architecture.ts";
import { classifierParameters } from "../../src/models/model.ts";
import { models } from "../../src/models/registry.ts";

const folder = join(import.meta.dirname!, "../../models");
const names = readdirSync(folder);

function count(parameters: readonly InitialParameter[]): string {
  const sizes = parameters.map(({ shape }) => shape.reduce((size, dimension) => size * dimension, 1));
  return sizes.reduce((sum, size) => sum + size, 0).toLocaleString("en");
}

describe("the embedded models", () => {
  it("are in the registry", () => {
    expect(names.length).toBeGreaterThan(2);
    for (const name of names) expect(models.get(name).missing).toBeUndefined();
  });

  it.each(names)("have a card that is right about the size of %s", async (name) => {
    const card = readFileSync(join(folder, name, "README.md"), "utf8");
    const { architecture, config, tokenizer } = await models.get(name).load({ assets });
    const parameters = classifierParameters({ architecture, config, classes: 3 });
    const words = parameters.filter(({ name, shape }) => /embeddings/.test(name) && shape[0] === config.vocab_size);
    expect(card).toContain(`# ${name}\n`);
    expect(card).toContain(`${count(parameters)} with 3 classes, ${count(words)} of them word embeddings`);
    expect(card).toContain(`${tokenizer.vocabularySize.toLocaleString("en")} word pieces`);
    expect(card).toContain(models.get(name).distilledFrom ?? "| distilled from | nothing |");
    for (const [key, value] of Object.entries(config)) {
      if (
        /^(hidden_size|intermediate_size|embedding_size|embedding_initializer_range|hidden_dropout_prob)$/.test(key)
      ) {
        expect(card, key).toMatch(new RegExp(`\\b${String(value).replace(".", "\\.")}\\b`));
      }
    }
  });
});
