/** Words of 32 tokens that one row of a {@link TokenMask} takes. */
export function maskWords(vocabulary: number): number {
  return Math.ceil(vocabulary / 32);
}

/** The tokens that must not follow, a bit each: [rows, ceil(vocabulary / 32)], bit `token % 32` of word `token / 32`. */
export class TokenMask {
  readonly words: Uint32Array;
  readonly #rowWords: number;

  constructor(rows: number, vocabulary: number) {
    this.#rowWords = maskWords(vocabulary);
    this.words = new Uint32Array(rows * this.#rowWords);
  }

  forbid(row: number, token: number): void {
    this.words[row * this.#rowWords + (token >>> 5)]! |= 1 << (token & 31);
  }

  has(row: number, token: number): boolean {
    return ((this.words[row * this.#rowWords + (token >>> 5)]! >>> (token & 31)) & 1) === 1;
  }
}
