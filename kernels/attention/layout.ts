import {
  type Binding,
  type BufferSpec,
  type Dispatch,
  f32,
  groupsFor,
  KernelError,
  type KernelLimits,
  requireBindable,
  requireSize,
  type Shader,
  u32,
  type Word,
} from "../../src/gpu/kernel.ts";
import { rowTiles, type Tile, tileOf } from "../../src/gpu/tiling.ts";
import { dropoutThreshold } from "../dropout/reference.ts";
import packCode from "./attention_pack.wgsl" with { type: "text" };
import unpackCode from "./attention_unpack.wgsl" with { type: "text" };
import type { AttentionShape } from "./reference.ts";

const pack: Shader = { label: "attention_pack", code: packCode };
const unpack: Shader = { label: "attention_unpack", code: unpackCode };

/** Columns that the shaders read at once. */
const BLOCK = 4;
/** Where the random words of dropout's counters begin again. */
const MOST_WEIGHTS = 2 ** 32;

/** What each tensor of rows of heads has a row of a batch of. */
export type Side = "queries" | "keys";

/** Where the rows of heads lie: in the tensors themselves, or in copies whose heads are filled up to whole blocks. */
export class Layout {
  /** Of a head. */
  readonly blocks: number;
  readonly tiles: readonly Tile[];
  readonly #filled: boolean;
  readonly #copies = new Set<string>();

  /** @throws KernelError where the shape is none, or a row of the batch fits no binding */
  constructor(readonly kernel: string, readonly shape: AttentionShape, readonly limits: KernelLimits) {
    requireShape(kernel, shape, limits);
    this.blocks = Math.ceil(shape.size / BLOCK);
    this.#filled = this.blocks * BLOCK !== shape.size;
    const bytes = [this.bytesOf("queries"), this.bytesOf("keys")];
    if (this.#filled) bytes.push(this.#copyBytes("queries"), this.#copyBytes("keys"));
    this.tiles = rowTiles(kernel, shape.batch, bytes, limits);
  }

  /** Bytes of the queries or the keys of one row of the batch. */
  bytesOf(side: Side): number {
    return this.shape[side] * this.shape.heads * this.shape.size * 4;
  }

  /** A tensor's part for a tile. */
  of(buffer: string, side: Side, tile: Tile): Binding {
    if (this.#filled) return { buffer: this.#copyOf(buffer, side) };
    return tileOf(buffer, tile, this.bytesOf(side));
  }

  /** Makes the copy of a tensor's part, where one is needed. */
  read(buffer: string, side: Side, tile: Tile): Dispatch[] {
    return this.#moved(pack, [this.#given(buffer, side, tile), this.of(buffer, side, tile)], side, tile);
  }

  /** Brings back the copy of a result's part, where there is one. */
  write(buffer: string, side: Side, tile: Tile): Dispatch[] {
    return this.#moved(unpack, [this.of(buffer, side, tile), this.#given(buffer, side, tile)], side, tile);
  }

  /** The copies that were asked for. */
  scratch(): BufferSpec[] {
    const most = this.tiles[0]!.rows;
    return [...this.#copies].map((each) => {
      const [side, name] = each.split(" ", 2) as [Side, string];
      return { name: copyName(name), bytes: most * this.#copyBytes(side) };
    });
  }

  #given(buffer: string, side: Side, tile: Tile): Binding {
    return tileOf(buffer, tile, this.bytesOf(side));
  }

  #copyOf(buffer: string, side: Side): string {
    this.#copies.add(`${side} ${buffer}`);
    return copyName(buffer);
  }

  #copyBytes(side: Side): number {
    return this.shape[side] * this.shape.heads * this.blocks * BLOCK * 4;
  }

  #moved(shader: Shader, bindings: readonly Binding[], side: Side, tile: Tile): Dispatch[] {
    if (!this.#filled) return [];
    const count = tile.rows * this.shape[side] * this.shape.heads * this.blocks;
    return [{
      shader,
      bindings,
      uniforms: [this.shape.size, this.blocks, count].map(u32),
      groups: groupsFor(this.kernel, count, 64, this.limits),
    }];
  }
}

function copyName(buffer: string): string {
  return `${buffer} in blocks`;
}

function requireShape(kernel: string, shape: AttentionShape, limits: KernelLimits): void {
  const { batch, heads, queries, keys, size, dropout } = shape;
  for (const [name, value] of Object.entries({ batch, heads, queries, keys, size })) requireSize(kernel, name, value);
  if (!Number.isFinite(shape.scale)) throw new KernelError(kernel, `scale is ${shape.scale}; it must be finite`);
  if (dropout && !(dropout.probability >= 0 && dropout.probability < 1)) {
    throw new KernelError(kernel, `probability is ${dropout.probability}; it must be at least 0 and below 1`);
  }
  const weights = batch * heads * queries * keys;
  if (dropout && weights > MOST_WEIGHTS) {
    throw new KernelError(kernel, `dropout of ${weights} weights; its counters tell at most ${MOST_WEIGHTS} apart`);
  }
  requireBindable(kernel, "states", batch * heads * queries * 8, limits);
  if (shape.mask) requireBindable(kernel, "mask", batch * keys * 4, limits);
  if (shape.bias) requireBindable(kernel, "bias", heads * queries * keys * 4, limits);
}

/** The inputs beside the rows of heads. */
export function optionalInputs({ batch, heads, queries, keys, mask, bias }: AttentionShape): BufferSpec[] {
  return [
    ...(mask ? [{ name: "mask", bytes: batch * keys * 4 }] : []),
    ...(bias ? [{ name: "bias", bytes: heads * queries * keys * 4 }] : []),
  ];
}

/** Their bindings. A shader's layout has both always: what is not there is never read, and the queries take its place. */
export function optionalBindings({ mask, bias }: AttentionShape, query: Binding): [mask: Binding, bias: Binding] {
  return [mask ? { buffer: "mask" } : query, bias ? { buffer: "bias" } : query];
}

/** The constants of the shaders that make scores. What costs them little when it is not there is a uniform. */
export function constantsOf({ bias, dropout, keys }: AttentionShape): Record<string, number> {
  return {
    BIAS: Number(bias ?? false),
    DROPOUT: Number(dropout !== undefined),
    ODD_KEYS: dropout ? keys % 2 : 0,
  };
}

/** The uniforms of the mask, of what each query may look at, and of dropout. */
export function scoreWords({ mask, causal, queries, keys, dropout }: AttentionShape): Word[] {
  const { probability, key } = dropout ?? { probability: 0, key: { seed: 0, site: 0, step: 0 } };
  // As the shader has it in 32 bits of a signed number, which are these bits of an unsigned one.
  const seenFirst = causal ? keys - queries + 1 : keys;
  return [
    u32(Number(mask ?? false)),
    u32(seenFirst >>> 0),
    u32(dropoutThreshold(probability)),
    f32(1 / (1 - probability)),
    u32(key.seed),
    u32(key.site),
    u32(key.step),
  ];
}
