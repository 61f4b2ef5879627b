import { type Dispatch, f32, groupsFor, type Kernel, type Shader, u32 } from "../../src/gpu/kernel.ts";
import type { Tile } from "../../src/gpu/tiling.ts";
import forwardCode from "./attention_forward.wgsl" with { type: "text" };
import { constantsOf, Layout, optionalBindings, optionalInputs, scoreWords } from "./layout.ts";
import type { AttentionShape } from "./reference.ts";

const forward: Shader = { label: "attention_forward", code: forwardCode };

/** Queries that a thread takes; the constant of its shader. */
const QUERIES = 8;

/**
 * Scaled dot-product attention of several heads, whose scores are never written. Head h of a row is its columns h * size up to
 * (h + 1) * size. With q, k and v of one head:
 *
 *   score(i, j) = scale q(i).k(j) + bias(h, i, j),   context(i) = sum over j of f softmax(score(i))(j) v(j)
 *
 * Inputs, float32: `query` [batch, queries, heads * size], `key` and `value` [batch, keys, heads * size]; where the shape says so `mask`
 * [batch, keys], 0 for padding, and `bias` [heads, queries, keys]. Outputs: `context` [batch, queries, heads * size], and `states`
 * [batch, heads, queries, 2], for the gradient: the largest score m and 1 / sum e^(score - m).
 *
 * f is 0 or 1/(1-p): what the `dropout` kernel multiplies element ((b * heads + h) * queries + i) * keys + j by. A masked key weighs 0;
 * a query all of whose keys are masked weighs all keys alike. A score that is NaN or +infinity makes its query's context NaN.
 *
 * One dispatch for each tile of the batch; three more, and one after it, where `size` is no multiple of 4.
 *
 * @see Dao et al., FlashAttention, 2022
 */
export const attention: Kernel<AttentionShape> = {
  name: "attention",

  plan(shape, limits) {
    const layout = new Layout("attention", shape, limits);
    const { batch, heads, queries } = shape;
    const [queryBytes, keyBytes] = [batch * layout.bytesOf("queries"), batch * layout.bytesOf("keys")];
    const dispatches = layout.tiles.flatMap((tile) => [
      ...layout.read("query", "queries", tile),
      ...layout.read("key", "keys", tile),
      ...layout.read("value", "keys", tile),
      forwardTile(layout, tile),
      ...layout.write("context", "queries", tile),
    ]);
    return {
      kernel: "attention",
      inputs: [
        { name: "query", bytes: queryBytes },
        { name: "key", bytes: keyBytes },
        { name: "value", bytes: keyBytes },
        ...optionalInputs(shape),
      ],
      outputs: [
        { name: "context", bytes: queryBytes },
        { name: "states", bytes: batch * heads * queries * 8 },
      ],
      scratch: layout.scratch(),
      dispatches,
    };
  },
};

function forwardTile(layout: Layout, tile: Tile): Dispatch {
  const { shape, blocks } = layout;
  const { heads, queries, keys } = shape;
  const query = layout.of("query", "queries", tile);
  const planes = tile.rows * heads;
  return {
    shader: forward,
    constants: constantsOf(shape),
    bindings: [
      query,
      layout.of("key", "keys", tile),
      layout.of("value", "keys", tile),
      ...optionalBindings(shape, query),
      layout.of("context", "queries", tile),
      { buffer: "states" },
    ],
    uniforms: [
      ...[planes, heads, queries, keys, blocks, tile.first * heads].map(u32),
      f32(shape.scale),
      ...scoreWords(shape),
    ],
    groups: groupsFor("attention", planes * Math.ceil(queries / QUERIES), 64, layout.limits),
  };
}
