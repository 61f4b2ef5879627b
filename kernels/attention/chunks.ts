import { KernelError, type KernelLimits } from "../../src/gpu/kernel.ts";
import type { AttentionShape } from "./reference.ts";

/** Pairs of a query and a key that are in scratch at one time. A plane is a head of a row of the batch. */
export interface Chunk {
  readonly firstPlane: number;
  readonly planes: number;
  readonly firstRow: number;
  /** Of each plane, a multiple of eight. Those over the queries' end hold zeros. */
  readonly rows: number;
  /** Keys, filled up likewise. */
  readonly columns: number;
}

const SPAN = 8;
/** Of weights and slopes together. Smaller chunks cost time. */
const MOST_BYTES = 32 * 2 ** 20;

/**
 * Cuts the planes of a tile into chunks: whole planes, as many as scratch holds, or else rows of one plane.
 *
 * @throws KernelError where scratch does not even hold eight rows
 */
export function chunksOf(
  kernel: string,
  { queries, keys }: AttentionShape,
  planes: number,
  limits: KernelLimits,
): Chunk[] {
  const most = Math.min(MOST_BYTES, limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  const columns = Math.ceil(keys / SPAN) * SPAN;
  const rows = Math.ceil(queries / SPAN) * SPAN;
  // Slopes begin at an offset that can be bound, so a little may be lost.
  const room = Math.floor((most / 2 - limits.minStorageBufferOffsetAlignment) / (columns * 4));
  const planesAtOnce = Math.min(planes, Math.floor(room / rows));
  if (planesAtOnce >= 1) {
    return steps(planes, planesAtOnce).map(([firstPlane, count]) => ({
      firstPlane,
      planes: count,
      firstRow: 0,
      rows,
      columns,
    }));
  }
  const rowsAtOnce = Math.floor(room / SPAN) * SPAN;
  if (rowsAtOnce < 1) {
    const bytes = SPAN * columns * 8;
    throw new KernelError(kernel, `${SPAN} queries take ${bytes} bytes of scratch; this device binds at most ${most}`);
  }
  return steps(planes, 1).flatMap(([firstPlane]) =>
    steps(rows, rowsAtOnce).map(([firstRow, count]) => ({ firstPlane, planes: 1, firstRow, rows: count, columns }))
  );
}

/** Bytes of the weights of a chunk, or of its slopes, up to where a binding may begin. */
export function pairBytes({ planes, rows, columns }: Chunk, limits: KernelLimits): number {
  const { minStorageBufferOffsetAlignment: alignment } = limits;
  return Math.ceil(planes * rows * columns * 4 / alignment) * alignment;
}

function steps(count: number, atOnce: number): [first: number, count: number][] {
  const found: [number, number][] = [];
  for (let first = 0; first < count; first += atOnce) found.push([first, Math.min(atOnce, count - first)]);
  return found;
}
