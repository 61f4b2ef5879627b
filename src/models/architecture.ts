import type { Tensor } from "@tensorflow/tfjs-core";
import type { ParameterSpec } from "../tfjs/parameters.ts";
import type { Parameters } from "../tfjs/parameters.ts";
import type { Batch } from "./batch.ts";
import type { Initializer } from "./initializer.ts";
import type { Pass } from "./pass.ts";
import type { NamedTensor } from "./safetensors/safetensors.ts";
import type { Transformer } from "./transformer/transformer.ts";

/** A parameter, and what it is before any training. */
export interface InitialParameter extends ParameterSpec {
  readonly initializer: Initializer;
}

/** What every configuration has, whatever its architecture. */
export interface ModelShape {
  /** Names the architecture, as in Hugging Face's `config.json`. */
  readonly model_type: string;
  readonly vocab_size: number;
  readonly pad_token_id: number;
}

/** One of our parameters in a tensor of a published file. */
export interface PublishedPart {
  readonly name: string;
  readonly shape: readonly number[];
  /** Its values, from those of the tensor. */
  take(values: Float32Array): Float32Array;
}

/** A family of models: how a configuration becomes parameters, and a batch becomes hidden states and logits. */
export interface Architecture<Config extends ModelShape = ModelShape> {
  /** The `model_type` of its configurations. */
  readonly name: string;
  /** @throws InputError naming the key that is missing or wrong */
  parseConfig(json: unknown, source: string): Config;
  backbone(config: Config): InitialParameter[];
  /** The longest input, in tokens; infinite where nothing bounds it. */
  longest(config: Config): number;
  /** Our parameters in a tensor of a published file: itself, unless names or layouts differ; none where it is no parameter. */
  fromPublished(name: string, shape: readonly number[]): readonly PublishedPart[];
  /** The tensors of a published file that our parameters make, as other tools expect them. */
  toPublished(parameters: ReadonlyMap<string, NamedTensor>): ReadonlyMap<string, NamedTensor>;
  /** The greatest probability of a dropout on the way to logits of classes; 0 where passes with dropout do not differ. */
  dropout(config: Config): number;
  encode(parameters: Parameters, config: Config, batch: Batch, pass: Pass): Encoded;
  /** The sizes of its layers of attention, where it has such. */
  transformer?(config: Config): Pick<Transformer, "layers" | "heads" | "hidden" | "inner" | "norm">;
  /** One output a text. */
  readonly classification: Head<Config>;
  /** One output a token. */
  readonly tokens?: Head<Config>;
  /** One output a word of the vocabulary, for each token: of a masked one, or of the next. */
  readonly words?: Head<Config>;
}

/** What an encoder makes of a batch. */
export interface Encoded {
  /** [rows, length, hidden]. */
  readonly hidden: Tensor;
  /** The states after each layer, the embeddings first; the last is `hidden`. */
  readonly layers: readonly Tensor[];
}

/** What turns the hidden states of a sequence into outputs, one a class. */
export interface Head<Config> {
  /** The class of Hugging Face's that has this head, as `config.json` names it; absent where there is none. */
  readonly className?: string;
  parameters(config: Config, outputs: number): InitialParameter[];
  /** The vectors that are classified, before the dropout in front of the last layer: [rows, features], or one for each token. */
  features(parameters: Parameters, config: Config, encoded: Encoded, batch: Batch, pass: Pass): Tensor;
  /** Of features: [rows, outputs], or [rows, length, outputs]. */
  logits(parameters: Parameters, config: Config, features: Tensor, pass: Pass): Tensor;
}
