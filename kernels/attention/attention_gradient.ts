import {
  type Binding,
  type Dispatch,
  f32,
  groupsFor,
  type Kernel,
  requireBindable,
  type Shader,
  u32,
} from "../../src/gpu/kernel.ts";
import type { Tile } from "../../src/gpu/tiling.ts";
import biasSumCode from "./attention_bias_sum.wgsl" with { type: "text" };
import pairsCode from "./attention_pairs.wgsl" with { type: "text" };
import productCode from "./attention_product.wgsl" with { type: "text" };
import statesCode from "./attention_states.wgsl" with { type: "text" };
import { type Chunk, chunksOf, pairBytes } from "./chunks.ts";
import { constantsOf, Layout, optionalBindings, optionalInputs, scoreWords, type Side } from "./layout.ts";
import type { AttentionShape } from "./reference.ts";

const states: Shader = { label: "attention_states", code: statesCode };
const pairs: Shader = { label: "attention_pairs", code: pairsCode };
const product: Shader = { label: "attention_product", code: productCode };
const biasSum: Shader = { label: "attention_bias_sum", code: biasSumCode };

/** Rows of pairs, and columns of them, that a thread takes; the constants of the shaders. */
const SPAN = 8;

/**
 * Gradient of {@link attention}. Inputs: those of the forward pass, its outputs `context` and `states`, and `upstream`, the gradient
 * by `context`. Outputs, shaped like what they are gradients by: `query_gradient`, `key_gradient`, `value_gradient`, and with a bias
 * `bias_gradient`. The mask has none. Dropout's mask is drawn again from the key.
 *
 * Weights are made anew from the states, a chunk of heads, or of queries of one head, at a time, and written to scratch of at most
 * 32 MiB with their gradients; the three products read them there. Of a query all of whose keys are masked the gradient is that of adding
 * the lowest float32 to its scores: its weights count as if they depended on them.
 */
export const attentionGradient: Kernel<AttentionShape> = {
  name: "attention_gradient",

  plan(shape, limits) {
    const layout = new Layout("attention_gradient", shape, limits);
    const { batch, heads, queries, keys, bias } = shape;
    const [queryBytes, keyBytes] = [batch * layout.bytesOf("queries"), batch * layout.bytesOf("keys")];
    requireBindable("attention_gradient", "the states of the queries", batch * heads * queries * 16, limits);
    const chunks = layout.tiles.map((tile) => chunksOf("attention_gradient", shape, tile.rows * heads, limits));
    const dispatches = layout.tiles.flatMap((tile, index) => tileDispatches(layout, tile, chunks[index]!));
    return {
      kernel: "attention_gradient",
      inputs: [
        { name: "query", bytes: queryBytes },
        { name: "key", bytes: keyBytes },
        { name: "value", bytes: keyBytes },
        ...optionalInputs(shape),
        { name: "context", bytes: queryBytes },
        { name: "states", bytes: batch * heads * queries * 8 },
        { name: "upstream", bytes: queryBytes },
      ],
      outputs: [
        { name: "query_gradient", bytes: queryBytes },
        { name: "key_gradient", bytes: keyBytes },
        { name: "value_gradient", bytes: keyBytes },
        ...(bias ? [{ name: "bias_gradient", bytes: heads * queries * keys * 4, cleared: true }] : []),
      ],
      scratch: [
        ...layout.scratch(),
        { name: "query_states", bytes: batch * heads * queries * 16 },
        { name: "pairs", bytes: Math.max(...chunks.flat().map((chunk) => pairBytes(chunk, limits) * 2)) },
      ],
      dispatches,
    };
  },
};

function tileDispatches(layout: Layout, tile: Tile, chunks: readonly Chunk[]): Dispatch[] {
  return [
    ...layout.read("query", "queries", tile),
    ...layout.read("key", "keys", tile),
    ...layout.read("value", "keys", tile),
    ...layout.read("context", "queries", tile),
    ...layout.read("upstream", "queries", tile),
    statesTile(layout, tile),
    ...chunks.flatMap((chunk) => chunkDispatches(layout, tile, chunk)),
    ...layout.write("query_gradient", "queries", tile),
    ...layout.write("key_gradient", "keys", tile),
    ...layout.write("value_gradient", "keys", tile),
  ];
}

function statesTile(layout: Layout, tile: Tile): Dispatch {
  const { heads, queries } = layout.shape;
  const planes = tile.rows * heads;
  return {
    shader: states,
    bindings: [
      layout.of("context", "queries", tile),
      layout.of("upstream", "queries", tile),
      { buffer: "states" },
      { buffer: "query_states" },
    ],
    uniforms: [planes, heads, queries, layout.blocks, tile.first * heads].map(u32),
    groups: groupsFor(layout.kernel, planes * queries, 64, layout.limits),
  };
}

function chunkDispatches(layout: Layout, tile: Tile, chunk: Chunk): Dispatch[] {
  const bytes = pairBytes(chunk, layout.limits);
  const weights = { buffer: "pairs", offset: 0, size: bytes };
  const slopes = { buffer: "pairs", offset: bytes, size: bytes };
  const multiplied = (given: Omit<Product, "layout" | "tile" | "chunk">) =>
    productChunk({ layout, tile, chunk, ...given });
  const { scale } = layout.shape;
  return [
    pairsChunk(layout, tile, chunk),
    multiplied({ pairs: slopes, inputs: "key", result: "query_gradient", by: "queries", factor: scale }),
    multiplied({ pairs: slopes, inputs: "query", result: "key_gradient", by: "keys", factor: scale }),
    multiplied({ pairs: weights, inputs: "upstream", result: "value_gradient", by: "keys", factor: 1 }),
    ...(layout.shape.bias ? [biasChunk(layout, chunk, slopes)] : []),
  ];
}

function pairsChunk(layout: Layout, tile: Tile, chunk: Chunk): Dispatch {
  const { shape, blocks } = layout;
  const { heads, queries, keys } = shape;
  const query = layout.of("query", "queries", tile);
  const { planes, rows, columns } = chunk;
  return {
    shader: pairs,
    constants: constantsOf(shape),
    bindings: [
      query,
      layout.of("key", "keys", tile),
      layout.of("value", "keys", tile),
      ...optionalBindings(shape, query),
      layout.of("upstream", "queries", tile),
      { buffer: "query_states" },
      { buffer: "pairs", offset: 0, size: pairBytes(chunk, layout.limits) * 2 },
    ],
    uniforms: [
      ...[planes, heads, queries, keys, blocks, tile.first * heads].map(u32),
      f32(shape.scale),
      ...scoreWords(shape),
      ...[chunk.firstPlane, chunk.firstRow, rows, columns, pairBytes(chunk, layout.limits) / 16].map(u32),
    ],
    groups: groupsFor(layout.kernel, planes * (rows / SPAN) * (columns / SPAN), 64, layout.limits),
  };
}

interface Product {
  readonly layout: Layout;
  readonly tile: Tile;
  readonly chunk: Chunk;
  readonly pairs: Binding;
  readonly inputs: string;
  readonly result: string;
  /** What there is a result for. */
  readonly by: Side;
  readonly factor: number;
}

function productChunk(given: Product): Dispatch {
  const { layout, tile, chunk, by, factor } = given;
  const { shape, blocks } = layout;
  const { heads, queries, keys } = shape;
  const ofQueries = { count: queries, first: chunk.firstRow, span: Math.min(chunk.rows, queries - chunk.firstRow) };
  const ofKeys = { count: keys, first: 0, span: keys };
  const [results, inputs, other]: [typeof ofKeys, typeof ofKeys, Side] = by === "queries"
    ? [ofQueries, ofKeys, "keys"]
    : [ofKeys, ofQueries, "queries"];
  return {
    shader: product,
    constants: { TRANSPOSED: Number(by === "keys"), ACCUMULATE: Number(by === "keys" && chunk.firstRow > 0) },
    bindings: [given.pairs, layout.of(given.inputs, other, tile), layout.of(given.result, by, tile)],
    uniforms: [
      ...[chunk.planes, heads, results.count, inputs.count, blocks, chunk.firstPlane, results.first, inputs.first].map(
        u32,
      ),
      ...[results.span, inputs.span, chunk.rows, chunk.columns].map(u32),
      f32(factor),
    ],
    groups: groupsFor(
      layout.kernel,
      chunk.planes * Math.ceil(results.span / SPAN) * Math.ceil(blocks / 2),
      64,
      layout.limits,
    ),
  };
}

function biasChunk({ kernel, shape, limits }: Layout, chunk: Chunk, slopes: Binding): Dispatch {
  const { heads, queries, keys } = shape;
  const { planes, firstPlane, firstRow, rows, columns } = chunk;
  return {
    shader: biasSum,
    bindings: [slopes, { buffer: "bias_gradient" }],
    uniforms: [planes, heads, queries, keys, firstPlane, firstRow, rows, columns].map(u32),
    groups: groupsFor(kernel, heads * rows * (columns / 4), 64, limits),
  };
}
