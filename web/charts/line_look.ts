import { symbolCircle, symbolDiamond, symbolSquare, symbolStar, symbolTriangle, type SymbolType } from "d3-shape";

/** Who picked the examples that a curve learned from. */
export type SeriesKind = "random" | "self" | "asm" | "you";

/** Colour, dash and marker of a curve: three cues, so that none is needed alone. The colour is the kind's, as `--KIND`. */
export interface LineLook {
  /** `stroke-dasharray`; "none" for a solid line. */
  readonly dash: string;
  readonly marker: SymbolType;
}

/** The first of a kind looks as it does in the report; further ones of it differ by dash and marker. */
const looks: Readonly<Record<SeriesKind, readonly LineLook[]>> = {
  random: [{ dash: "2 4", marker: symbolSquare }],
  self: [{ dash: "none", marker: symbolCircle }],
  asm: [
    { dash: "9 3 2 3", marker: symbolDiamond },
    { dash: "6 3", marker: symbolTriangle },
    { dash: "12 3 2 3 2 3", marker: symbolStar },
  ],
  you: [{ dash: "14 3", marker: symbolStar }],
};

/** A look for each series, in order. */
export function lineLooks(kinds: readonly SeriesKind[]): LineLook[] {
  return kinds.map((kind, index) => {
    const before = kinds.slice(0, index).filter((other) => other === kind).length;
    return looks[kind][before % looks[kind].length]!;
  });
}
