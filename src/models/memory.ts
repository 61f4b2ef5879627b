import { classifierParameters, type ClassifierSpec } from "./model.ts";

/** The size of a batch in training: so many texts, padded to so many tokens each. */
export interface BatchSize {
  readonly batch: number;
  readonly length: number;
}

/** What a training step takes of a GPU's memory, in bytes. */
export interface MemoryEstimate {
  readonly parameters: number;
  /** Two moments, and the gradient twice: that of the batch, and the sum of a step's batches. It does not grow with their number. */
  readonly optimiser: number;
  /** What the forward pass keeps for the backward pass, and what that takes at work. */
  readonly activations: number;
  readonly total: number;
}

/**
 * Estimates the most memory that a training step holds at once on a GPU: about a quarter off, either way, for transformers.
 *
 * Parameters count five times. A token keeps, of each layer of width H and inner width I, 10 H + 2 I numbers (12 H + 2 I where norms come
 * before); the backward pass works on about one layer more. The batch and the length enter linearly: attention keeps no weights. While
 * it lets go of activations the backward pass makes gradients, of other sizes, so that both are held, up to the little beyond what was
 * ever used at once that is kept for reuse.
 */
export function estimateMemory(spec: ClassifierSpec, { batch, length }: BatchSize): MemoryEstimate {
  const sizes = sizesOf(spec);
  const tokens = batch * length;
  const parameters = sizes.parameters * FLOAT;
  const optimiser = 4 * parameters;
  const kept = tokens * sizes.kept * FLOAT;
  const atWork = tokens * sizes.atWork * FLOAT + scratchOf(sizes.heads, batch, length);
  const used = Math.max(4 * parameters + kept, 5 * parameters) + atWork;
  const total = Math.min(5 * parameters + kept + atWork, used * KEPT_FOR_REUSE);
  return { parameters, optimiser, activations: total - parameters - optimiser, total };
}

/** The bytes of the largest buffer that such a batch needs, beside those of the parameters. */
export function largestBuffer(spec: ClassifierSpec, { batch, length }: BatchSize): number {
  return batch * length * sizesOf(spec).widest * FLOAT;
}

const FLOAT = 4;
/** As the backend has it, and what small sizes add to that. */
const KEPT_FOR_REUSE = 1.15;
/** Of the scratch of attention's gradient, in bytes. */
const MOST_SCRATCH = 2 ** 25;

/** Numbers of float32, of the model and for each token. */
interface Sizes {
  readonly parameters: number;
  readonly heads: number;
  readonly kept: number;
  readonly atWork: number;
  readonly widest: number;
}

function sizesOf(spec: ClassifierSpec): Sizes {
  const { architecture, config } = spec;
  const all = classifierParameters(spec);
  const parameters = all.reduce((sum, { shape }) => sum + shape.reduce((size, axis) => size * axis, 1), 0);
  const embedded = all.find(({ isTable }) => isTable)?.shape[1] ?? 0;
  const transformer = architecture.transformer?.(config);
  if (!transformer) return { parameters, heads: 0, kept: 2 * embedded, atWork: 2 * embedded, widest: embedded };
  const { layers, heads, hidden, inner, norm } = transformer;
  const states = 2 * heads + 6;
  const layer = (norm === "before" ? 12 : 10) * hidden + 2 * inner + states;
  return {
    parameters,
    heads,
    kept: layers * layer + 3 * embedded,
    atWork: layer,
    widest: Math.max(hidden, inner, 4 * heads),
  };
}

/** The weights and slopes of a chunk of heads. */
function scratchOf(heads: number, batch: number, length: number): number {
  return Math.min(MOST_SCRATCH, 2 * batch * heads * length ** 2 * FLOAT);
}
