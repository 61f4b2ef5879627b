import { dropoutFactors, type DropoutKey } from "../dropout/reference.ts";

/** What attention there is to compute, and which of the optional inputs there are. */
export interface AttentionShape {
  readonly batch: number;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
  /** Columns of one head. */
  readonly size: number;
  /** Of the products of queries and keys: usually size^-1/2. */
  readonly scale: number;
  /** Some keys are padding. */
  readonly mask?: boolean;
  /** Something is added to the scores, the same for each row of the batch. */
  readonly bias?: boolean;
  /** The last query sees all keys, and each one before it one key less. */
  readonly causal?: boolean;
  /** Of the weights. */
  readonly dropout?: { readonly probability: number; readonly key: DropoutKey };
}

type Numbers = ArrayLike<number>;

export interface AttentionInputs {
  /** [batch, queries, heads * size]; a head is `size` neighbouring columns. */
  readonly query: Numbers;
  /** [batch, keys, heads * size] */
  readonly key: Numbers;
  /** [batch, keys, heads * size] */
  readonly value: Numbers;
  /** [batch, keys]: 0 for padding. */
  readonly mask?: Numbers;
  /** [heads, queries, keys] */
  readonly bias?: Numbers;
}

export interface AttentionGradients {
  readonly query: number[];
  readonly key: number[];
  readonly value: number[];
  readonly bias: number[];
}

const LOWEST = -3.4028234663852886e38;

/** The oracle, in float64: attention's result, [batch, queries, heads * size]. */
export function attentionReference(inputs: AttentionInputs, shape: AttentionShape): number[] {
  const { value } = inputs;
  const context = new Array<number>(inputs.query.length).fill(0);
  forEachWeight(inputs, shape, ({ weights, factors, at }) => {
    weights.forEach((weight, j) => {
      for (let x = 0; x < shape.size; x++) context[at.query + x]! += weight * factors[j]! * value[at.key(j) + x]!;
    });
  });
  return context;
}

/** The oracle, in float64: gradients of attention for the gradient `upstream` of its result. */
export function attentionGradientReference(
  inputs: AttentionInputs,
  upstream: Numbers,
  shape: AttentionShape,
): AttentionGradients {
  const { size, scale } = shape;
  const zeros = (length: number) => new Array<number>(length).fill(0);
  const gradients = {
    query: zeros(inputs.query.length),
    key: zeros(inputs.key.length),
    value: zeros(inputs.value.length),
    bias: zeros(shape.heads * shape.queries * shape.keys),
  };
  forEachWeight(inputs, shape, ({ weights, factors, at }) => {
    const byWeight = weights.map((_, j) => {
      let product = 0;
      for (let x = 0; x < size; x++) product += upstream[at.query + x]! * inputs.value[at.key(j) + x]!;
      return product * factors[j]!;
    });
    const mean = weights.reduce((sum, weight, j) => sum + weight * byWeight[j]!, 0);
    weights.forEach((weight, j) => {
      const slope = weight * (byWeight[j]! - mean);
      gradients.bias[at.bias + j]! += slope;
      for (let x = 0; x < size; x++) {
        gradients.value[at.key(j) + x]! += weight * factors[j]! * upstream[at.query + x]!;
        gradients.query[at.query + x]! += scale * slope * inputs.key[at.key(j) + x]!;
        gradients.key[at.key(j) + x]! += scale * slope * inputs.query[at.query + x]!;
      }
    });
  });
  return gradients;
}

/** The weights of one query of one head, before dropout, dropout's factors, and where the rows begin. */
interface QueryWeights {
  readonly weights: readonly number[];
  readonly factors: readonly number[];
  readonly at: { readonly query: number; readonly bias: number; readonly key: (j: number) => number };
}

function forEachWeight(
  { query, key, mask, bias }: AttentionInputs,
  { batch, heads, queries, keys, size, scale, causal, dropout }: AttentionShape,
  use: (weights: QueryWeights) => void,
): void {
  const count = batch * heads * queries * keys;
  const dropped = dropout ? dropoutFactors(count, dropout.probability, dropout.key) : undefined;
  const every = Array.from({ length: keys }, (_, j) => j);
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      for (let i = 0; i < queries; i++) {
        const at = {
          query: ((b * queries + i) * heads + h) * size,
          bias: (h * queries + i) * keys,
          key: (j: number) => ((b * keys + j) * heads + h) * size,
        };
        const scores = every.map((j) => {
          if (mask?.[b * keys + j] === 0 || (causal && j > i + keys - queries)) return LOWEST;
          let product = 0;
          for (let x = 0; x < size; x++) product += query[at.query + x]! * key[at.key(j) + x]!;
          return Math.max(LOWEST, scale * product + (bias?.[at.bias + j] ?? 0));
        });
        const largest = scores.reduce((a, x) => Math.max(a, x), LOWEST);
        const powers = scores.map((x) => Math.exp(x - largest));
        const sum = powers.reduce((total, power) => total + power, 0);
        const first = ((b * heads + h) * queries + i) * keys;
        use({
          weights: powers.map((power) => power / sum),
          factors: every.map((j) => dropped?.[first + j] ?? 1),
          at,
        });
      }
    }
  }
}
