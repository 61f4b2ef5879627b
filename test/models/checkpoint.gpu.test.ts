import { beforeAll, describe, expect, it } from "vitest";
import { InputError } from "../../src/errors.ts";
import { readText, writeText } from "../../src/host.ts";
import { readCheckpoint, writeCheckpoint } from "../../src/models/checkpoint.ts";
import { Classifier } from "../../src/models/model.ts";
import { inference } from "../../src/models/pass.ts";
import { readSafetensors, writeSafetensors } from "../../src/models/safetensors/safetensors.ts";
import { folderModel } from "../../src/models/sources/folder.ts";
import { tokenizerFrom } from "../../src/text/tokenizer.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { testGpu } from "../gpu/open_test_gpu.ts";
import { MemoryFiles } from "../host/memory_files.ts";
import { tinyTokenizer } from "../text/tiny_tokenizer.ts";
import { batchOf, openModel, tinyBag, tinyBert } from "./tiny_models.ts";

beforeAll(async () => {
  await useGpu(await testGpu());
});

const labels = ["ham", "offer", "spam"];

/** A folder with a checkpoint, of which a file may then be changed. */
async function written(): Promise<MemoryFiles> {
  return (await (original ??= writeOriginal())).restart();
}

let original: Promise<MemoryFiles> | undefined;

async function writeOriginal(): Promise<MemoryFiles> {
  const files = new MemoryFiles();
  const model = openModel(tinyBert);
  await writeCheckpoint(files, model, tokenizerFrom(tinyTokenizer(), "tokenizer.json"), labels);
  model.dispose();
  return files;
}

async function jsonOf(files: MemoryFiles, path: string): Promise<Record<string, unknown>> {
  return JSON.parse((await readText(files, path))!);
}

async function withConfig(changes: Record<string, unknown>): Promise<MemoryFiles> {
  const files = await written();
  await writeText(files, "config.json", JSON.stringify({ ...await jsonOf(files, "config.json"), ...changes }));
  return files;
}

describe("a checkpoint", () => {
  // Chromium compiles an encoder's shaders for many seconds on the CPU.
  it.each("Deno" in globalThis ? [tinyBag, tinyBert, { ...tinyBert, pooling: "mean" }] : [tinyBag])(
    "that was written gives the same logits to the bit when it is read: $model_type",
    async (config) => {
      const files = new MemoryFiles();
      const model = openModel(config);
      const batch = batchOf([[2, 5, 9, 3], [2, 3]]);
      const before = await model.logits(batch, inference).data();
      await writeCheckpoint(files, model, tokenizerFrom(tinyTokenizer(), "tokenizer.json"), labels);
      model.dispose();

      const { architecture, config: read, values, tokenizer } = await readCheckpoint(files);
      const again = new Classifier({ architecture, config: read, classes: 3 }, values);
      expect(await again.logits(batch, inference).data()).toEqual(before);
      expect(tokenizer.encode("good mail", 8)).toEqual([2, 4, 7, 3]);
      again.dispose();
    },
  );

  it.each([
    [
      "the first BERTs",
      (name: string) => name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"),
    ],
    ["a bare encoder", (name: string) => name.replace(/^bert\./, "")],
  ])("is read under the names of %s as well", async (_, publishedName) => {
    const files = await written();
    const { values } = await readCheckpoint(files);
    const stored = readSafetensors((await files.read("model.safetensors"))!, "model.safetensors");
    const renamed = new Map([...stored].map(([name, tensor]) => [publishedName(name), tensor]));
    expect([...renamed.keys()]).not.toEqual([...stored.keys()]);
    await files.write("model.safetensors", writeSafetensors(renamed));
    expect((await readCheckpoint(files)).values).toEqual(values);
  });

  it("names its labels and its architecture as Hugging Face does", async () => {
    expect(await jsonOf(await written(), "config.json")).toMatchObject({
      model_type: "bert",
      hidden_size: 8,
      architectures: ["BertForSequenceClassification"],
      id2label: { 0: "ham", 1: "offer", 2: "spam" },
      label2id: { ham: 0, offer: 1, spam: 2 },
    });
  });

  it("has another hash where a weight differs", async () => {
    const files = await written();
    const { weightsHash } = await readCheckpoint(files);
    const bytes = (await files.read("model.safetensors"))!;
    await files.write("model.safetensors", bytes.with(bytes.length - 1, 0x3f));
    expect((await readCheckpoint(files)).weightsHash).not.toBe(weightsHash);
  });
});

describe("a checkpoint that is refused", () => {
  async function refusal(files: MemoryFiles): Promise<string> {
    const thrown = await folderModel("mine", files).load({ assets: files }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(thrown).toBeInstanceOf(InputError);
    return (thrown as Error).message;
  }

  it.each(["config.json", "model.safetensors", "tokenizer.json"])("lacks %s", async (missing) => {
    const whole = await written();
    const files = new MemoryFiles();
    for (const path of await whole.list("")) {
      if (path !== missing) await files.write(path, (await whole.read(path))!);
    }
    expect(await refusal(files)).toBe(`there is no memory:${missing}`);
  });

  it.each([
    ["no JSON", new TextEncoder().encode("{model_type: bert}"), "memory:config.json is not JSON"],
    ["no UTF-8", Uint8Array.of(0x7b, 0xff, 0x7d), "memory:config.json is not UTF-8"],
    ["no object", new TextEncoder().encode("null"), "memory:config.json is not a JSON object"],
  ])("has a config.json that is %s", async (_what, bytes, message) => {
    const files = await written();
    await files.write("config.json", bytes);
    expect(await refusal(files)).toBe(message);
  });

  it.each([
    [{ model_type: "bart" }, /^memory:config\.json: unknown architecture 'bart'\. Did you mean bert\?$/],
    [
      { model_type: "big_bird" },
      /^memory:config\.json: unknown architecture 'big_bird'\. There are: bert, distilbert, electra, roberta, xlm-roberta, gpt2, use-lite, bag$/,
    ],
    [{ hidden_size: "wide" }, /^memory:config\.json: hidden_size is "wide"; number was expected$/],
    [
      { num_hidden_layers: undefined },
      /^memory:config\.json: num_hidden_layers is undefined; "?num_hidden_layers"? was expected$/,
    ],
    [{ num_attention_heads: 3 }, /^memory:config\.json: hidden_size 8 is not a multiple of num_attention_heads 3$/],
    [{ hidden_act: "swish" }, /^memory:config\.json: hidden_act is "swish"; .*"gelu".* was expected$/],
  ])(
    "has a config.json with %o",
    async (changes, message) => expect(await refusal(await withConfig(changes))).toMatch(message),
  );

  it("lacks a tensor, or has one of another shape", async () => {
    const name = "bert.encoder.layer.0.output.dense.weight";
    const files = await written();
    const tensors = readSafetensors((await files.read("model.safetensors"))!, "");
    await files.write("model.safetensors", writeSafetensors(new Map([...tensors].filter(([each]) => each !== name))));
    expect(await refusal(files)).toBe(`memory:model.safetensors: ${name} is missing; [8,12] was expected`);
    tensors.set(name, { shape: [12, 8], values: new Float32Array(96) });
    await files.write("model.safetensors", writeSafetensors(tensors));
    expect(await refusal(files)).toBe(`memory:model.safetensors: ${name} is [12,8]; [8,12] was expected`);
  });

  it("has a tokenizer with more tokens than its embedding has rows", async () => {
    const files = await written();
    const pieces = Array.from({ length: 17 }, (_, index) => `w${index}`);
    await writeText(files, "tokenizer.json", JSON.stringify(tinyTokenizer(pieces)));
    expect(await refusal(files)).toBe("memory:tokenizer.json: it has 21 tokens; config.json says vocab_size 20");
  });
});
