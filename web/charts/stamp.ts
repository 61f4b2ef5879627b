/** A shape with soft edges, ready to be printed into rows of pixels of one width. */
export class Stamp {
  readonly #reach: number;
  readonly #right: Int16Array;
  readonly #down: Int16Array;
  readonly #shift: Int32Array;
  /** How much of the pixel the shape covers, 1 to 256. */
  readonly #cover: Uint16Array;

  /** @param coverAt how much of a pixel is covered, 0 to 1, by the distance of its middle from the shape's */
  constructor(radius: number, coverAt: (distance: number) => number, width: number) {
    this.#reach = Math.ceil(radius + 0.5);
    const cells: { right: number; down: number; cover: number }[] = [];
    for (let down = -this.#reach; down <= this.#reach; down++) {
      for (let right = -this.#reach; right <= this.#reach; right++) {
        const cover = Math.round(256 * coverAt(Math.hypot(right, down)));
        if (cover > 0) cells.push({ right, down, cover });
      }
    }
    this.#right = Int16Array.from(cells, ({ right }) => right);
    this.#down = Int16Array.from(cells, ({ down }) => down);
    this.#shift = Int32Array.from(cells, ({ right, down }) => down * width + right);
    this.#cover = Uint16Array.from(cells, ({ cover }) => cover);
  }

  /** Prints the shape around a pixel in an opaque colour, as far as it lies inside. */
  print(pixels: Uint32Array, width: number, height: number, left: number, top: number, colour: number): void {
    const reach = this.#reach;
    if (left < -reach || top < -reach || left >= width + reach || top >= height + reach) return;
    const inside = left >= reach && top >= reach && left < width - reach && top < height - reach;
    const at = top * width + left;
    for (let cell = 0; cell < this.#shift.length; cell++) {
      if (!inside) {
        const x = left + this.#right[cell]!;
        const y = top + this.#down[cell]!;
        if (x < 0 || y < 0 || x >= width || y >= height) continue;
      }
      const pixel = at + this.#shift[cell]!;
      const cover = this.#cover[cell]!;
      pixels[pixel] = cover === 256 ? colour : blended(pixels[pixel]!, colour, cover);
    }
  }
}

/** `cover` 256ths of one opaque colour over another. Red and blue are far enough apart to be reckoned as one number. */
function blended(below: number, above: number, cover: number): number {
  const redBlue = ((below & 0xff00ff) * (256 - cover) + (above & 0xff00ff) * cover) >>> 8;
  const green = ((below & 0xff00) * (256 - cover) + (above & 0xff00) * cover) >>> 8;
  return (0xff000000 | (redBlue & 0xff00ff) | (green & 0xff00)) >>> 0;
}

function clamped(cover: number): number {
  return Math.min(1, Math.max(0, cover));
}

/** @param radius in pixels */
export function discStamp(radius: number, width: number): Stamp {
  return new Stamp(radius, (distance) => clamped(radius + 0.5 - distance), width);
}

/** A ring of a thickness, its outer edge at the radius. */
export function ringStamp(radius: number, thickness: number, width: number): Stamp {
  const cover = (distance: number) => clamped(radius + 0.5 - distance) - clamped(radius - thickness + 0.5 - distance);
  return new Stamp(radius, cover, width);
}
