import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { classifierParameters } from "../../src/models/model.ts";
import { writeSafetensors } from "../../src/models/safetensors/safetensors.ts";
import { tinyTokenizer } from "../text/tiny_tokenizer.ts";
import { specOf } from "./tiny_models.ts";

const root = join(import.meta.dirname!, "../..");
const SHARDS = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
/** What a process takes for the tokenizer, for code that runs for the first time, and for buffers of one size whatever the file's. */
const AROUND = 24 * 2 ** 20;

let folder: string;
/** Of all weights. */
let bytes: number;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pupil-weights-"));
  const config = {
    model_type: "bert",
    vocab_size: 40_000,
    hidden_size: 512,
    num_hidden_layers: 2,
    num_attention_heads: 8,
    intermediate_size: 2048,
  };
  const parameters = classifierParameters(specOf(config));
  const sizeOf = (shape: readonly number[]) => shape.reduce((size, each) => size * each, 1);
  bytes = parameters.reduce((sum, { shape }) => sum + sizeOf(shape) * 4, 0);
  // The words in the one file, all else in the other.
  const map: Record<string, string> = {};
  for (const [shard, file] of SHARDS.entries()) {
    const own = parameters.filter((_, index) => (index === 0) === (shard === 0));
    for (const { name } of own) map[name] = file;
    const tensors = own.map(({ name, shape }) =>
      [name, { shape, values: new Float32Array(sizeOf(shape)).fill(0.02) }] as const
    );
    await writeFile(join(folder, file), writeSafetensors(new Map(tensors)));
  }
  await writeFile(join(folder, "model.safetensors.index.json"), JSON.stringify({ weight_map: map }));
  await writeFile(join(folder, "config.json"), JSON.stringify(config));
  await writeFile(join(folder, "tokenizer.json"), JSON.stringify(tinyTokenizer()));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(!existsSync("/proc/self/status"))("loading a large model", () => {
  it("holds its weights once: neither a file beside them, nor a second copy", async () => {
    // What the system says of a process Deno tells only those that may do all.
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--config",
        join(root, "deno.json"),
        "--frozen",
        "--allow-all",
        join(import.meta.dirname!, "loading_memory.ts"),
        folder,
      ],
      env: { NO_COLOR: "1" },
      stdin: "null",
    }).output();
    const decode = (part: Uint8Array) => new TextDecoder().decode(part);
    expect(code, decode(stderr)).toBe(0);
    const loaded: { readonly held: number; readonly bytes: number } = JSON.parse(decode(stdout));
    expect(loaded.bytes).toBe(bytes);
    expect(bytes).toBeGreaterThan(100e6);
    expect(loaded.held).toBeGreaterThan(bytes);
    expect(loaded.held).toBeLessThan(1.1 * bytes + AROUND);
  });
});
