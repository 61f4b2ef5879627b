import { type BufferSpec, type Dispatch, groupsFor, type KernelLimits, u32 } from "../../src/gpu/kernel.ts";
import type { ValueTile } from "./tiles.ts";
import beginCode from "./top_k_begin.wgsl" with { type: "text" };
import collectCode from "./top_k_collect.wgsl" with { type: "text" };
import histogramCode from "./top_k_histogram.wgsl" with { type: "text" };
import pairsCode from "./top_k_pairs.wgsl" with { type: "text" };
import pickCode from "./top_k_pick.wgsl" with { type: "text" };
import sortCode from "./top_k_sort.wgsl" with { type: "text" };
import writeCode from "./top_k_write.wgsl" with { type: "text" };

const begin = { label: "top_k_begin", code: beginCode };
const histogram = { label: "top_k_histogram", code: histogramCode };
const pick = { label: "top_k_pick", code: pickCode };
const collect = { label: "top_k_collect", code: collectCode };
const pairs = { label: "top_k_pairs", code: pairsCode };
const sort = { label: "top_k_sort", code: sortCode };
const write = { label: "top_k_write", code: writeCode };

/** The constants of the shaders. */
const SLICE_COLUMNS = 4096;
const BINS = 256;
const DIGIT_BITS = 8;

const STATE_BYTES = 20;
const PAIR_BYTES = 8;

/** Whether a sort of the whole row is little more work than one of the winners. */
function sortsAll(columns: number, k: number): boolean {
  return powerOfTwo(columns) <= 2 * powerOfTwo(k);
}

/** Pairs of a row that are sorted. */
function placesOf(columns: number, k: number): number {
  return powerOfTwo(sortsAll(columns, k) ? columns : k);
}

/** The scratch buffers of one row. */
export function scratchOf(columns: number, k: number): BufferSpec[] {
  const winners = { name: "winners", bytes: placesOf(columns, k) * PAIR_BYTES };
  if (sortsAll(columns, k)) return [winners];
  return [winners, { name: "states", bytes: STATE_BYTES }, { name: "histogram", bytes: BINS * 4 }];
}

/** The dispatches of a tile for large k; they use `best`, `indices` and the buffers of {@link scratchOf}. */
export function selectAndSort(tile: ValueTile, columns: number, k: number, limits: KernelLimits): Dispatch[] {
  const places = placesOf(columns, k);
  const over = (items: number) => groupsFor("top_k", tile.rows * items, 64, limits);
  return [
    ...(sortsAll(columns, k)
      ? [{
        shader: pairs,
        bindings: [tile.values, { buffer: "winners" }],
        uniforms: [tile.rows, columns, places, tile.shift].map(u32),
        groups: over(places),
      }]
      : selected(tile, columns, k, places, limits)),
    ...sorted(tile.rows * places, places, limits),
    {
      shader: write,
      bindings: [{ buffer: "winners" }, { buffer: "best" }, { buffer: "indices" }],
      uniforms: [tile.rows, k, places, tile.first].map(u32),
      groups: over(k),
    },
  ];
}

function selected(
  { rows, values, shift }: ValueTile,
  columns: number,
  k: number,
  places: number,
  limits: KernelLimits,
): Dispatch[] {
  const states = { buffer: "states" };
  const counts = { buffer: "histogram" };
  const slices = Math.ceil(columns / SLICE_COLUMNS);
  const items = Math.max(BINS, places);
  return [
    {
      shader: begin,
      bindings: [states, counts, { buffer: "winners" }],
      uniforms: [rows, places, k, items].map(u32),
      groups: groupsFor("top_k", rows * items, 64, limits),
    },
    ...digitsOf(columns).flatMap(({ bit, above, ofColumn }): Dispatch[] => [
      {
        shader: histogram,
        bindings: [values, states, counts],
        uniforms: [rows, columns, slices, shift, bit, above, ofColumn].map(u32),
        groups: groupsFor("top_k", rows * slices, 1, limits),
      },
      {
        shader: pick,
        bindings: [states, counts],
        uniforms: [rows, bit, ofColumn].map(u32),
        groups: groupsFor("top_k", rows, 64, limits),
      },
    ]),
    {
      shader: collect,
      bindings: [values, states, { buffer: "winners" }],
      uniforms: [rows, columns, places, shift].map(u32),
      groups: groupsFor("top_k", rows * columns, 64, limits),
    },
  ];
}

/** The digits of a (key, inverted column) pair, highest first; `above` masks those before it in its word. */
function digitsOf(columns: number): { bit: number; above: number; ofColumn: 0 | 1 }[] {
  const columnBits = Math.ceil(Math.log2(columns));
  const digits = (bits: number, ofColumn: 0 | 1) => {
    const count = Math.ceil(bits / DIGIT_BITS);
    const top = count * DIGIT_BITS;
    return Array.from({ length: count }, (_, digit) => {
      const bit = top - (digit + 1) * DIGIT_BITS;
      return { bit, above: 2 ** top - 2 ** (bit + DIGIT_BITS), ofColumn };
    });
  };
  return [...digits(32, 0), ...digits(columnBits, 1)];
}

function sorted(count: number, places: number, limits: KernelLimits): Dispatch[] {
  const steps: Dispatch[] = [];
  for (let run = 2; run <= places; run *= 2) {
    for (let stride = run / 2; stride >= 1; stride /= 2) {
      steps.push({
        shader: sort,
        bindings: [{ buffer: "winners" }],
        uniforms: [count / 2, run, stride, places].map(u32),
        groups: groupsFor("top_k", count / 2, 64, limits),
      });
    }
  }
  return steps;
}

function powerOfTwo(least: number): number {
  return 2 ** Math.ceil(Math.log2(least));
}
