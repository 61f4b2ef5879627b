import type { Tensor } from "@tensorflow/tfjs-core";
import type { ParameterSpec } from "../tfjs/parameters.ts";
import type { Parameters } from "../tfjs/parameters.ts";
import type { Batch } from "./batch.ts";
import type { Initializer } from "./initializer.ts";
import type { Pass } from "./pass.ts";

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
  /** The longest input, in tokens; infinite where nothing bounds it. */
  readonly max_position_embeddings: number;
}

/** A family of models: how a configuration becomes parameters, and a batch becomes hidden states and logits. */
export interface Architecture<Config extends ModelShape = ModelShape> {
  /** The `model_type` of its configurations. */
  readonly name: string;
  /** @throws InputError naming the key that is missing or wrong */
  parseConfig(json: unknown, source: string): Config;
  backbone(config: Config): InitialParameter[];
  /** The name that we give a parameter which a published file may hold under another; names that are not known stay. */
  parameterName(stored: string): string;
  /** The greatest probability of a dropout on the way to logits of classes; 0 where passes with dropout do not differ. */
  dropout(config: Config): number;
  encode(parameters: Parameters, config: Config, batch: Batch, pass: Pass): Encoded;
  readonly classification: Head<Config>;
}

/** What an encoder makes of a batch. */
export interface Encoded {
  /** [rows, length, hidden]. */
  readonly hidden: Tensor;
  /** The states after each layer, the embeddings first; the last is `hidden`. */
  readonly layers: readonly Tensor[];
}

/** What turns the hidden states of a sequence into one output a class. */
export interface Head<Config> {
  parameters(config: Config, outputs: number): InitialParameter[];
  /** The vector by which a text is classified, before the dropout in front of the last layer: [rows, features]. */
  features(parameters: Parameters, config: Config, encoded: Encoded, batch: Batch, pass: Pass): Tensor;
  /** Of features: [rows, outputs]. */
  logits(parameters: Parameters, config: Config, features: Tensor, pass: Pass): Tensor;
}
