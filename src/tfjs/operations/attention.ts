import { add, customGrad, matMul, mul, reshape, sub, type Tensor, tensor, transpose } from "@tensorflow/tfjs-core";
import { attention as kernel } from "../../../kernels/attention/attention.ts";
import { attentionGradient } from "../../../kernels/attention/attention_gradient.ts";
import type { AttentionShape } from "../../../kernels/attention/reference.ts";
import { constant } from "../constants.ts";
import { runPlan } from "../run_plan.ts";
import { currentBackend } from "../setup.ts";
import { type Dropout, dropoutComposed } from "./dropout.ts";
import { softmaxComposed } from "./softmax.ts";

export interface AttentionOptions {
  readonly heads: number;
  /** Of the products of queries and keys: usually the root of a head's columns, inverted. */
  readonly scale: number;
  /** [batch, keys]: 0 for padding, else 1. It has no gradient. */
  readonly mask?: Tensor;
  /** [heads, queries, keys]: added to the scores, the same for each row of the batch. */
  readonly bias?: Tensor;
  /** Whether the last query sees all keys, and each one before it one key less. */
  readonly causal?: boolean;
  /** Of the weights. */
  readonly dropout?: Dropout;
}

/**
 * Scaled dot-product attention of several heads, on rows as they come out of the projections: `query` [batch, queries, heads * size],
 * `key` and `value` [batch, keys, heads * size], head h being the columns h * size up to (h + 1) * size. Gives [batch, queries,
 * heads * size]. Differentiable in query, key, value and bias. Vaswani et al., 2017; computed as in Dao et al., 2022.
 *
 * A masked key weighs 0; a query all of whose keys are masked weighs all keys alike. Dropout's mask of the weights is that of `dropout`
 * on a tensor [batch, heads, queries, keys] for the same key.
 *
 * @throws KernelError where the columns are no multiple of the heads, or a row of the batch is over the device's binding limit
 */
export function attention(query: Tensor, key: Tensor, value: Tensor, options: AttentionOptions): Tensor {
  const backend = currentBackend();
  if (!backend) return attentionComposed(query, key, value, options);
  const { mask, bias } = options;
  const shape = shapeOf(query, key, options);
  const { limits } = backend.gpu.device;
  const plan = kernel.plan(shape, limits);
  const outputs = [
    { name: "context", shape: query.shape },
    { name: "states", shape: [shape.batch, shape.heads, shape.queries, 2] },
  ];
  const optional = [...(mask ? ["mask"] : []), ...(bias ? ["bias"] : [])];
  const named = (tensors: readonly Tensor[]) =>
    Object.fromEntries(["query", "key", "value", ...optional].map((name, index) => [name, tensors[index]!]));
  return customGrad((...given) => {
    const save = given.pop() as unknown as (tensors: Tensor[]) => void;
    const [q, k, v, b] = given as [Tensor, Tensor, Tensor, Tensor?];
    const inputs = [q, k, v, ...(mask ? [mask] : []), ...(b ? [b] : [])];
    const [context, states] = runPlan(backend, plan, named(inputs), outputs) as [Tensor, Tensor];
    save([...inputs, context, states]);
    const gradFunc = (upstream: Tensor, saved: Tensor[]) => {
      const [ownContext, ownStates] = saved.slice(inputs.length) as [Tensor, Tensor];
      return runPlan(
        backend,
        attentionGradient.plan(shape, limits),
        { ...named(saved), context: ownContext, states: ownStates, upstream },
        [
          { name: "query_gradient", shape: query.shape },
          { name: "key_gradient", shape: key.shape },
          { name: "value_gradient", shape: value.shape },
          ...(bias ? [{ name: "bias_gradient", shape: bias.shape }] : []),
        ],
      );
    };
    return { value: context, gradFunc };
  })(query, key, value, ...(bias ? [bias] : []));
}

/** {@link attention} of stock operations, its scores and weights written. */
export function attentionComposed(query: Tensor, key: Tensor, value: Tensor, options: AttentionOptions): Tensor {
  const { scale, bias, dropout } = options;
  const { batch, heads, queries, keys, size } = shapeOf(query, key, options);
  const split = (rows: Tensor, length: number, order: number[]) =>
    transpose(reshape(rows, [batch, length, heads, size]), order);
  // The keys are laid out transposed at once: a product with a transposed factor takes the slow path of the stock kernel.
  const products = matMul(split(query, queries, [0, 2, 1, 3]), split(key, keys, [0, 2, 3, 1]));
  const scaled = scale === 1 ? products : mul(products, constant(scale));
  const biased = bias ? add(scaled, reshape(bias, [1, heads, queries, keys])) : scaled;
  const visible = visibleOf(options, batch, queries, keys);
  const scores = visible ? add(biased, mul(sub(visible, constant(1)), constant(LARGEST))) : biased;
  const weights = softmaxComposed(scores);
  const dropped = drops(dropout) ? dropoutComposed(weights, dropout.probability, dropout.key) : weights;
  const context = transpose(matMul(dropped, split(value, keys, [0, 2, 1, 3])), [0, 2, 1, 3]);
  return reshape(context, [batch, queries, heads * size]);
}

/** The largest float32. */
const LARGEST = 3.4028234663852886e38;

/** 1 where a query may look at a key, else 0, to be broadcast to [batch, heads, queries, keys]. */
function visibleOf({ mask, causal }: AttentionOptions, batch: number, queries: number, keys: number) {
  const real = mask && reshape(mask, [batch, 1, 1, keys]);
  if (!causal) return real;
  const seen = Float32Array.from(
    { length: queries * keys },
    (_, at) => Number(at % keys <= Math.floor(at / keys) + keys - queries),
  );
  const earlier = tensor(seen, [1, 1, queries, keys]);
  return real ? mul(real, earlier) : earlier;
}

function shapeOf(query: Tensor, key: Tensor, options: AttentionOptions): AttentionShape {
  const { heads, scale, mask, bias, causal, dropout } = options;
  const [batch, queries, columns] = query.shape as [number, number, number];
  return {
    batch,
    heads,
    queries,
    keys: key.shape[1]!,
    size: columns / heads,
    scale,
    mask: mask !== undefined,
    bias: bias !== undefined,
    causal: causal ?? false,
    ...(drops(dropout) ? { dropout } : {}),
  };
}

function drops(dropout: Dropout | undefined): dropout is Dropout {
  return dropout !== undefined && dropout.probability > 0;
}
