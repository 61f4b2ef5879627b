import { describe, expect, it } from "vitest";
import { InputError } from "../../src/errors.ts";
import { type Files, readText, writeText } from "../../src/host.ts";
import { architectures } from "../../src/models/architectures.ts";
import { readCheckpoint } from "../../src/models/checkpoint.ts";
import { type NamedTensor, readSafetensors, writeSafetensors } from "../../src/models/safetensors/safetensors.ts";
import { fixture } from "../fixtures/fixture.ts";
import { MemoryFiles } from "../host/memory_files.ts";
import { tinyTokenizer } from "../text/tiny_tokenizer.ts";

const WHOLE = "model.safetensors";
const INDEX = "model.safetensors.index.json";

/** The folder of a golden checkpoint, with a tokenizer that fits into it. */
async function folderOf(checkpoint: string): Promise<MemoryFiles> {
  const files = new MemoryFiles();
  for (const path of ["config.json", WHOLE]) await files.write(path, await fixture(`golden/${checkpoint}/${path}`));
  await writeText(files, "tokenizer.json", JSON.stringify(tinyTokenizer()));
  return files;
}

async function tensorsOf(files: MemoryFiles): Promise<Map<string, NamedTensor>> {
  return readSafetensors((await files.read(WHOLE))!, WHOLE);
}

async function withTensors(checkpoint: string, change: (tensors: Map<string, NamedTensor>) => void) {
  const files = await folderOf(checkpoint);
  const tensors = await tensorsOf(files);
  change(tensors);
  await files.write(WHOLE, writeSafetensors(tensors));
  return files;
}

/** The same weights in two files, and the list that says which holds which. */
async function sharded(checkpoint: string): Promise<MemoryFiles> {
  const files = await folderOf(checkpoint);
  const tensors = [...await tensorsOf(files)];
  await files.remove(WHOLE);
  const shards = { "model-00001-of-00002.safetensors": 0, "model-00002-of-00002.safetensors": 1 };
  const map: Record<string, string> = {};
  for (const [shard, parity] of Object.entries(shards)) {
    const own = tensors.filter((_, index) => index % 2 === parity);
    for (const [name] of own) map[name] = shard;
    await files.write(shard, writeSafetensors(new Map(own)));
  }
  await writeText(files, INDEX, JSON.stringify({ metadata: { total_size: 1 }, weight_map: map }));
  return files;
}

function bound(files: MemoryFiles): Files {
  return {
    read: (path) => files.read(path),
    open: (path) => files.open(path),
    write: (path, bytes) => files.write(path, bytes),
    append: (path, bytes) => files.append(path, bytes),
    truncate: (path, length) => files.truncate(path, length),
    list: (folder) => files.list(folder),
    describe: (path) => files.describe(path),
  };
}

async function refusal(files: MemoryFiles): Promise<string> {
  const thrown = await readCheckpoint(files).then(() => undefined, (reason: unknown) => reason);
  expect(thrown).toBeInstanceOf(InputError);
  return (thrown as Error).message;
}

const classifiers = ["bert", "distilbert", "electra", "roberta", "xlm-roberta", "gpt2"].map((name) =>
  `${name}/seq-cls`
);

describe.each(classifiers)("the files of %s", (checkpoint) => {
  it("hold what our parameters make of them again, to the bit", async () => {
    const architecture = architectures.get(checkpoint.split("/")[0]!);
    const stored = await tensorsOf(await folderOf(checkpoint));
    const own = [...stored].flatMap(([name, { shape, values }]) =>
      architecture.fromPublished(name, shape).map((part) =>
        [part.name, { shape: part.shape, values: part.take(values) }] as const
      )
    );
    const published = architecture.toPublished(new Map(own));
    expect(new Map([...published].sort())).toEqual(new Map([...stored].sort()));
  });

  it("are read the same in shards", async () => {
    const { values, notices } = await readCheckpoint(await sharded(checkpoint));
    expect(values).toEqual((await readCheckpoint(await folderOf(checkpoint))).values);
    expect(notices).toEqual([]);
  });
});

describe("files of weights", () => {
  it("may lack a part of the head and hold what is of no use, and both is said", async () => {
    const { values, notices } = await readCheckpoint(
      await withTensors("bert/seq-cls", (tensors) => {
        for (const part of ["weight", "bias"]) {
          tensors.delete(`bert.pooler.dense.${part}`);
          tensors.delete(`classifier.${part}`);
        }
        tensors.set("cls.predictions.bias", { shape: [1], values: Float32Array.of(0) });
        for (let index = 0; index < 10; index++) {
          tensors.set(`extra.${index}`, { shape: [], values: Float32Array.of(0) });
        }
      }),
    );
    expect(values.has("bert.pooler.dense.weight")).toBe(false);
    expect(notices).toEqual([
      "memory:model.safetensors lacks these; they begin from the seed: bert.pooler.dense.weight, bert.pooler.dense.bias",
      "memory:model.safetensors holds these, which this architecture does not have; they are not used: " +
      `${Array.from({ length: 8 }, (_, index) => `extra.${index}`).join(", ")} and 2 more`,
    ]);
  });

  it("may hold buffers that are no parameters", async () => {
    const one = { shape: [1], values: Float32Array.of(1) };
    const bert = await withTensors("bert/seq-cls", (tensors) => tensors.set("bert.embeddings.position_ids", one));
    const gpt2 = await withTensors("gpt2/seq-cls", (tensors) => {
      for (const name of ["h.0.attn.bias", "h.0.attn.masked_bias"]) tensors.set(name, one);
    });
    for (const files of [bert, gpt2]) expect((await readCheckpoint(files)).notices).toEqual([]);
  });

  it.each([NaN, Infinity])("are refused with a weight that is %d", async (value) => {
    const name = "bert.encoder.layer.1.output.dense.bias";
    const files = await withTensors("bert/seq-cls", (tensors) => {
      const tensor = tensors.get(name)!;
      tensors.set(name, { ...tensor, values: tensor.values.with(3, value) });
    });
    expect(await refusal(files)).toBe(`memory:model.safetensors: ${name} holds ${value} at 3, which is no weight`);
  });

  it("are refused by the name of the shard that holds what is wrong", async () => {
    const spoilt = async (change: (tensors: Map<string, NamedTensor>) => void) => {
      const files = await sharded("bert/seq-cls");
      const [shard] = (await files.list("")).filter((name) => name.startsWith("model-00002"));
      const tensors = readSafetensors((await files.read(shard!))!, shard!);
      change(tensors);
      await files.write(shard!, writeSafetensors(tensors));
      return files;
    };
    const nan = await spoilt((tensors) => tensors.values().next().value!.values.fill(NaN));
    expect(await refusal(nan)).toMatch(
      /^memory:model-00002-of-00002\.safetensors: \S+ holds NaN at 0, which is no weight$/,
    );
    const cut = await spoilt((tensors) => {
      const [[name, { values }]] = [...tensors] as [[string, NamedTensor]];
      tensors.set(name, { shape: [1, values.length], values });
    });
    expect(await refusal(cut)).toMatch(
      /^memory:model-00002-of-00002\.safetensors: \S+ is \[1,\d+\]; \[[\d,]+\] was expected$/,
    );
  });

  it("are read once, tensor by tensor, also where one holds several parameters", async () => {
    const files = await folderOf("gpt2/seq-cls");
    const begun: number[] = [];
    const watched: Files = {
      ...bound(files),
      async open(path) {
        const file = await files.open(path);
        if (!file) return undefined;
        const read = (start: number, end: number) => {
          begun.push(start);
          return file.read(start, end);
        };
        return { size: file.size, read, [Symbol.dispose]() {} };
      },
    };
    const { values } = await readCheckpoint(watched);
    expect([...values.keys()].filter((name) => name.includes("c_attn.query")).length).toBeGreaterThan(0);
    // The hash begins at 0 again, where the length of the header stands.
    const again = begun.filter((start, index) => begun.indexOf(start) !== index);
    expect(again).toEqual([0]);
  });

  it("are refused as a pickle, with how to convert it", async () => {
    const files = await folderOf("bert/seq-cls");
    await files.remove(WHOLE);
    await files.write("pytorch_model.bin", Uint8Array.of(0x80, 2));
    expect(await refusal(files)).toMatch(
      /^there is no memory:model\.safetensors, and pytorch_model\.bin is a pickle.*save_pretrained/,
    );
  });

  it.each([
    ["is no list", "[]", /index\.json does not say which file holds which tensor$/],
    ["is no JSON", "{", /index\.json does not say which file holds which tensor$/],
    [
      "leads out of the folder",
      JSON.stringify({ weight_map: { x: "../secret.safetensors" } }),
      /index\.json: '\.\.\/secret\.safetensors' is no name of a shard$/,
    ],
    [
      "names a file that is not there",
      JSON.stringify({ weight_map: { x: "model-3.safetensors" } }),
      /^there is no memory:model-3\.safetensors, which model\.safetensors\.index\.json names$/,
    ],
  ])("are refused where the index of shards %s", async (_what, text, message) => {
    const files = await sharded("bert/seq-cls");
    await writeText(files, INDEX, text);
    expect(await refusal(files)).toMatch(message);
  });

  it("are refused where two shards hold one tensor", async () => {
    const files = await sharded("bert/seq-cls");
    await files.write("model-00002-of-00002.safetensors", (await files.read("model-00001-of-00002.safetensors"))!);
    expect(await refusal(files)).toMatch(/^memory:model-00002-of-00002\.safetensors: .* is in another file, too$/);
  });

  it("are refused where config.json does not say of what architecture they are", async () => {
    const files = await folderOf("bert/seq-cls");
    const { model_type: _, ...config } = JSON.parse((await readText(files, "config.json"))!);
    await writeText(files, "config.json", JSON.stringify(config));
    expect(await refusal(files)).toMatch(/^memory:config\.json has no model_type.*There are: bert, distilbert, /);
  });
});
