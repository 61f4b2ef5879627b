/** The pieces that a word consists of. */
export interface Pieces {
  readonly ids: readonly number[];
  /** For each piece, where it begins and ends in the word, in UTF-16 units. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** Takes a word into pieces of a vocabulary. */
export type PieceModel = (word: string) => Pieces;
