/** The sizes of a BERT for two classes, and of the batches that it is given. */
export interface ModelShape {
  /** Layers and hidden size, as the command line names it: "2x128". */
  readonly name: string;
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  /** Tokens a text, all of them real. */
  readonly length: number;
  /** Texts a batch. */
  readonly batch: number;
  readonly vocabulary: number;
}

/** What JSON documents and tables say of a shape. */
export function sizesOf({ layers, hidden, heads, length, batch, vocabulary }: ModelShape): number[] {
  return [layers, hidden, heads, length, batch, vocabulary];
}

/** Roughly how long a shape takes to measure compared with others: its multiplications, and what even the least takes. */
export function effortOf({ layers, hidden, length, batch, vocabulary }: ModelShape): number {
  const matrices = layers * 12 * hidden ** 2;
  return 10e9 + length * batch * matrices + 20 * (matrices + vocabulary * hidden);
}
