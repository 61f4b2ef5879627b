/** Finds the point nearest to a place among many: points lie in square cells, and only the cells in reach are looked at. */
export class PointGrid {
  readonly #x: Float32Array;
  readonly #y: Float32Array;
  readonly #side: number;
  /** Points by cell, and where each cell's begin. */
  readonly #members: Uint32Array;
  readonly #starts: Uint32Array;

  /** @param x, y coordinates in [-1, 1]; not copied, and not to be changed */
  constructor(x: Float32Array, y: Float32Array) {
    this.#x = x;
    this.#y = y;
    this.#side = Math.max(1, Math.min(128, Math.round(Math.sqrt(x.length / 2))));
    const cells = x.map((_, index) => this.#cell(x[index]!) + this.#side * this.#cell(y[index]!));
    this.#starts = new Uint32Array(this.#side ** 2 + 1);
    for (const cell of cells) this.#starts[cell + 1]!++;
    for (let cell = 0; cell < this.#side ** 2; cell++) this.#starts[cell + 1]! += this.#starts[cell]!;
    const next = this.#starts.slice();
    this.#members = new Uint32Array(x.length);
    cells.forEach((cell, index) => this.#members[next[cell]!++] = index);
  }

  /**
   * The index of the point nearest to (x, y) within an ellipse, distances measured in its half-axes, since a pixel is not as wide as
   * it is high in the plane. Of equally near ones the lowest index; undefined where there is none.
   */
  nearest(x: number, y: number, reachX: number, reachY: number): number | undefined {
    let best: number | undefined;
    let least = 1;
    for (let row = this.#cell(y - reachY); row <= this.#cell(y + reachY); row++) {
      for (let column = this.#cell(x - reachX); column <= this.#cell(x + reachX); column++) {
        const cell = column + this.#side * row;
        for (let at = this.#starts[cell]!; at < this.#starts[cell + 1]!; at++) {
          const index = this.#members[at]!;
          const distance = ((this.#x[index]! - x) / reachX) ** 2 + ((this.#y[index]! - y) / reachY) ** 2;
          if (distance < least || (distance === least && (best === undefined || index < best))) {
            best = index;
            least = distance;
          }
        }
      }
    }
    return best;
  }

  #cell(coordinate: number): number {
    const cell = Math.floor(((coordinate + 1) / 2) * this.#side);
    return Math.min(this.#side - 1, Math.max(0, cell));
  }
}
