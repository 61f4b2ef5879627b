import type { Vocabulary } from "./vocabulary.ts";

/**
 * Pieces by their units, one after the other: all pieces that begin at a place of a word are found in one walk, and no part of the word is
 * cut out for it. The edges are one hash table in flat arrays, with open addressing.
 */
export class PieceTrie {
  static readonly ROOT = 0;
  /** A node of which nothing goes on. */
  static readonly NONE = -1;
  readonly #mask: number;
  readonly #from: Int32Array;
  readonly #unit: Uint16Array;
  readonly #to: Int32Array;
  readonly #ids: Int32Array;
  #nodes = 1;

  constructor(vocabulary: Vocabulary) {
    let units = 0;
    for (const piece of vocabulary.keys()) units += piece.length;
    const slots = 2 ** Math.ceil(Math.log2(2 * units + 2));
    this.#mask = slots - 1;
    this.#from = new Int32Array(slots).fill(-1);
    this.#unit = new Uint16Array(slots);
    this.#to = new Int32Array(slots);
    this.#ids = new Int32Array(units + 1).fill(-1);
    for (const [piece, id] of vocabulary) {
      let node: number = PieceTrie.ROOT;
      for (let place = 0; place < piece.length; place++) node = this.#grow(node, piece.charCodeAt(place));
      this.#ids[node] = id;
    }
  }

  /** The node that a unit leads to, or {@link PieceTrie.NONE}. */
  next(node: number, unit: number): number {
    const slot = this.#slot(node, unit);
    return this.#from[slot] === -1 ? PieceTrie.NONE : this.#to[slot]!;
  }

  /** The id of the piece that ends at a node, -1 where none does. */
  idAt(node: number): number {
    return this.#ids[node]!;
  }

  #grow(node: number, unit: number): number {
    const slot = this.#slot(node, unit);
    if (this.#from[slot] === -1) {
      this.#from[slot] = node;
      this.#unit[slot] = unit;
      this.#to[slot] = this.#nodes++;
    }
    return this.#to[slot]!;
  }

  /** Where the edge is, or would be. */
  #slot(node: number, unit: number): number {
    let slot = (Math.imul(node, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b)) >>> 7 & this.#mask;
    while (this.#from[slot] !== -1 && (this.#from[slot] !== node || this.#unit[slot] !== unit)) {
      slot = (slot + 1) & this.#mask;
    }
    return slot;
  }
}
