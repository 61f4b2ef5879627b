/** Token ids of several texts as one matrix, row by row. */
export interface PaddedBatch {
  /** [rows, columns]: each text's ids, then the pad id. */
  readonly ids: Int32Array;
  /** [rows, columns]: 1 on the tokens of the text, 0 on padding. */
  readonly mask: Float32Array;
  readonly shape: readonly [rows: number, columns: number];
}

/** Pads texts on the right to the longest of them; `multiple` rounds the width up, so that fewer different shapes occur. */
export function padBatch(texts: readonly (readonly number[])[], padId: number, multiple = 1): PaddedBatch {
  const longest = texts.reduce((width, ids) => Math.max(width, ids.length), 1);
  const columns = Math.ceil(longest / multiple) * multiple;
  const ids = new Int32Array(texts.length * columns).fill(padId);
  const mask = new Float32Array(texts.length * columns);
  for (const [row, text] of texts.entries()) {
    ids.set(text, row * columns);
    mask.fill(1, row * columns, row * columns + text.length);
  }
  return { ids, mask, shape: [texts.length, columns] };
}
