import { beforeEach, describe, expect, it } from "vitest";
import { architectures } from "../../src/models/architectures.ts";
import type { Batch } from "../../src/models/batch.ts";
import { Classifier } from "../../src/models/model.ts";
import { inference } from "../../src/models/pass.ts";
import { readSafetensors } from "../../src/models/safetensors/safetensors.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { fixture, jsonFixture } from "../fixtures/fixture.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";

const ROWS = 4;
const LENGTH = 11;

/** The batch of a golden checkpoint, whose texts have different lengths, and its model. */
async function opened(name: string) {
  const folder = `golden/${name}/seq-cls`;
  const architecture = architectures.get(name);
  const config = architecture.parseConfig(await jsonFixture(`${folder}/config.json`), "config.json");
  const stored = readSafetensors(await fixture(`${folder}/model.safetensors`), "model.safetensors");
  const weights = new Map(
    [...stored].flatMap(([key, tensor]) =>
      architecture.fromPublished(key, tensor.shape).map(({ name, take }) => [name, take(tensor.values)] as const)
    ),
  );
  const inputs = await jsonFixture(`${folder}/inputs.json`);
  const types: number[][] | undefined = inputs.token_type_ids;
  const texts = (inputs.input_ids as number[][]).map((ids, row) => {
    const length = (inputs.attention_mask[row] as number[]).reduce((sum, real) => sum + real, 0);
    return { ids: ids.slice(0, length), ...(types ? { types: types[row]!.slice(0, length) } : {}) };
  });
  const classes: number = (await jsonFixture(`${folder}/expected.json`)).logits.shape[1];
  return { texts, model: new Classifier({ architecture, config, classes }, weights), config };
}

type Text = Awaited<ReturnType<typeof opened>>["texts"][number];

/** Texts as a batch of some length, with `filler` where there is no text. */
function batchOf(texts: readonly Text[], length: number, filler: number): Batch {
  const padded = (values: readonly number[], value: number) => [
    ...values,
    ...Array<number>(length - values.length).fill(value),
  ];
  const types = texts.every((text) => text.types);
  return {
    rows: texts.length,
    length,
    ids: Int32Array.from(texts.flatMap(({ ids }) => padded(ids, filler))),
    mask: Float32Array.from(texts.flatMap(({ ids }) => padded(ids.map(() => 1), 0))),
    ...(types ? { tokenTypes: Int32Array.from(texts.flatMap((text) => padded(text.types!, 0))) } : {}),
  };
}

/** The states of each text's own tokens, one text after the other, and its logits. */
async function computed(model: Classifier, texts: readonly Text[], batch: Batch) {
  const { hidden } = model.encode(batch, inference);
  const logits = model.logits(batch, inference);
  const states = await hidden.data();
  const width = hidden.shape.at(-1)!;
  const classes = await logits.data();
  return texts.map(({ ids }, row) => {
    const from = row * batch.length * width;
    return {
      states: [...states.slice(from, from + ids.length * width)],
      logits: [...classes.slice(row * logits.shape[1]!, (row + 1) * logits.shape[1]!)],
    };
  });
}

function largestDifference(a: readonly number[], b: readonly number[]): number {
  expect(a.length).toBe(b.length);
  return a.reduce((largest, value, index) => Math.max(largest, Math.abs(value - b[index]!)), 0);
}

describe.each(["bert", "distilbert", "electra", "roberta", "xlm-roberta", "gpt2"])("padding in %s", (name) => {
  beforeEach(async () => {
    await useGpu(await testGpu());
  });

  it("changes no real token's states and no logits: alone, in a batch, whatever stands there", async () => {
    const { texts, model, config } = await opened(name);
    try {
      expect(texts.length).toBe(ROWS);
      expect(new Set(texts.map(({ ids }) => ids.length)).size).toBeGreaterThan(1);
      const together = await computed(model, texts, batchOf(texts, LENGTH, config.pad_token_id));
      for (const [row, text] of texts.entries()) {
        const [alone] = await computed(model, [text], batchOf([text], text.ids.length, 0));
        expect(largestDifference(alone!.states, together[row]!.states)).toBeLessThan(4e-6);
        expect(largestDifference(alone!.logits, together[row]!.logits)).toBeLessThan(4e-6);
      }
      // RoBERTa counts positions, and GPT-2 finds a text's end, by the id of padding; to the others any id is as good.
      if (name.includes("roberta") || name === "gpt2") return;
      expect(await computed(model, texts, batchOf(texts, LENGTH, 7))).toEqual(together);
    } finally {
      model.parameters.dispose();
    }
  });
});
