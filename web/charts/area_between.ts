export type Place = readonly [x: number, y: number];

/** A piece of the area between two curves, as a closed outline. */
export interface Piece {
  /** Whether the first curve is above the second in it. */
  readonly ahead: boolean;
  readonly outline: readonly Place[];
}

/**
 * The area between two curves with the same x, in pieces that end where the curves cross; as far as both go. Stretches where they
 * coincide have no area and no piece.
 */
export function areaBetween(x: readonly number[], first: readonly number[], second: readonly number[]): Piece[] {
  const points = Math.min(x.length, first.length, second.length);
  const pieces: Piece[] = [];
  let upper: Place[] = [];
  let lower: Place[] = [];
  let side = 0;
  const close = () => {
    if (side !== 0) pieces.push({ ahead: side > 0, outline: [...upper, ...lower.reverse()] });
    upper = [];
    lower = [];
    side = 0;
  };
  for (let point = 0; point < points; point++) {
    const here = Math.sign(first[point]! - second[point]!);
    if (point > 0 && side * here < 0) {
      const cross = crossing(x, first, second, point);
      upper.push(cross);
      lower.push(cross);
      close();
      upper.push(cross);
      lower.push(cross);
    }
    upper.push([x[point]!, first[point]!]);
    lower.push([x[point]!, second[point]!]);
    if (here !== 0) side = here;
    else {
      close();
      upper.push([x[point]!, first[point]!]);
      lower.push([x[point]!, second[point]!]);
    }
  }
  close();
  return pieces;
}

/** Where the curves cross between a point and the one before it. */
function crossing(x: readonly number[], first: readonly number[], second: readonly number[], point: number): Place {
  const before = first[point - 1]! - second[point - 1]!;
  const share = before / (before - (first[point]! - second[point]!));
  const at = (values: readonly number[]) => values[point - 1]! + share * (values[point]! - values[point - 1]!);
  return [at(x), at(first)];
}
