/**
 * Walks a structure of Thrift's compact protocol, which Parquet's footer and page headers are, and reads nothing: what it passes can be
 * parsed without more memory or time than its bytes warrant. Every length in it is checked against what is left.
 */

/** Deeper than any Parquet file is nested. */
const MOST_DEPTH = 16;
/** Of a number of 64 bits. */
const LONGEST_VARINT = 10;

/** Where the structure that begins at `start` ends. @throws Error where it is none, or goes on past `end` */
export function endOfStruct(bytes: Uint8Array, start: number, end: number = bytes.length): number {
  return new Walk(bytes, start, end).struct(0);
}

class Walk {
  constructor(readonly bytes: Uint8Array, public at: number, readonly end: number) {}

  struct(depth: number): number {
    if (depth > MOST_DEPTH) throw new Error("structures within structures without end");
    for (;;) {
      const byte = this.#byte();
      const type = byte & 15;
      if (type === 0) return this.at;
      if (byte >> 4 === 0) this.#varint();
      this.#value(type, depth);
    }
  }

  #value(type: number, depth: number): void {
    // True and false are types of their own.
    if (type === 1 || type === 2) return;
    if (type === 3) this.#skip(1);
    else if (type >= 4 && type <= 6) this.#varint();
    else if (type === 7) this.#skip(8);
    else if (type === 8) this.#skip(this.#varint());
    else if (type === 9) this.#list(depth);
    else if (type === 12) this.struct(depth + 1);
    else throw new Error(`a value of the unknown type ${type}`);
  }

  #list(depth: number): void {
    const byte = this.#byte();
    const type = byte & 15;
    const size = byte >> 4 === 15 ? this.#varint() : byte >> 4;
    // Each entry takes a byte at least.
    if (size > this.end - this.at) throw new Error(`a list of ${size} entries in ${this.end - this.at} bytes`);
    for (let index = 0; index < size; index++) {
      if (type === 1 || type === 2) this.#skip(1);
      else this.#value(type, depth);
    }
  }

  #varint(): number {
    let value = 0;
    for (let place = 0; place < LONGEST_VARINT; place++) {
      const byte = this.#byte();
      value += (byte & 127) * 2 ** (7 * place);
      if (byte < 128) return value;
    }
    throw new Error("a number of more than 64 bits");
  }

  #byte(): number {
    this.#skip(1);
    return this.bytes[this.at - 1]!;
  }

  #skip(length: number): void {
    if (length > this.end - this.at) throw new Error("it ends too early");
    this.at += length;
  }
}
