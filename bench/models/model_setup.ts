import type { Initializer } from "../../src/models/initializer.ts";
import type { Batch } from "../../src/models/batch.ts";
import { bert } from "../../src/models/architectures/bert.ts";
import { classifierParameters, type ClassifierSpec } from "../../src/models/model.ts";
import type { Architecture } from "../../src/models/architecture.ts";
import { type Random, random } from "../../src/random.ts";
import type { ParameterValues } from "../../src/tfjs/parameters.ts";
import type { ModelShape } from "./model_shape.ts";

export const CLASSES = 2;

/** What every side of a comparison begins from: the same model file, weights, batch and labels. */
export interface ModelSetup {
  readonly spec: ClassifierSpec;
  readonly values: ParameterValues;
  readonly batch: Batch;
  /** The class of each text. */
  readonly targets: Int32Array;
}

/**
 * A BERT of this shape, with weights and texts from a seed. It has no dropout: the composed form draws its masks on the CPU, which
 * would flatter ours.
 */
export function modelSetup(shape: ModelShape): ModelSetup {
  const config = bert.parseConfig({
    model_type: "bert",
    vocab_size: shape.vocabulary,
    hidden_size: shape.hidden,
    num_hidden_layers: shape.layers,
    num_attention_heads: shape.heads,
    intermediate_size: 4 * shape.hidden,
    hidden_dropout_prob: 0,
    attention_probs_dropout_prob: 0,
  }, `the bench of ${shape.name}`);
  const spec: ClassifierSpec = { architecture: bert as Architecture, config, classes: CLASSES };
  const parameters = classifierParameters(spec);
  const values = new Map(parameters.map(({ name, shape, initializer }) => [name, draw(name, shape, initializer)]));
  const { batch: rows, length, vocabulary } = shape;
  const labels = random("bench", "labels", rows);
  return {
    spec,
    values,
    batch: batchOf(shape, random("bench", "ids", rows, length, vocabulary)),
    targets: Int32Array.from({ length: rows }, () => labels.below(CLASSES)),
  };
}

/** So many batches of other texts. */
export function poolOf(shape: ModelShape, batches: number): Batch[] {
  const ids = random("bench", "pool", shape.name);
  return Array.from({ length: batches }, () => batchOf(shape, ids));
}

function batchOf({ batch: rows, length, vocabulary }: ModelShape, ids: Random): Batch {
  return {
    rows,
    length,
    // Without the id of padding, which has no gradient.
    ids: Int32Array.from({ length: rows * length }, () => 1 + ids.below(vocabulary - 1)),
    mask: new Float32Array(rows * length).fill(1),
  };
}

/** Draws a parameter of random values, of which a large one repeats the first million: drawing more takes longer than measuring. */
function draw(name: string, shape: readonly number[], initializer: Initializer): Float32Array {
  const values = new Float32Array(shape.reduce((size, axis) => size * axis, 1));
  if (initializer.kind === "constant") return values.fill(initializer.value);
  const spread = initializer.kind === "normal" ? initializer.range : Math.sqrt(2 / (shape[0]! + shape[1]!));
  const from = random("bench", "weights", name);
  const drawn = Float32Array.from({ length: Math.min(values.length, 1_000_003) }, () => from.normal() * spread);
  for (let at = 0; at < values.length; at += drawn.length) values.set(drawn.subarray(0, values.length - at), at);
  return values;
}
