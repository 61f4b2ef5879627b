import { symbolCircle, symbolDiamond, symbolSquare, symbolStar, symbolTriangle, type SymbolType } from "d3-shape";
import type { Relation } from "../evaluation/curve.ts";

/** Colour, dash and marker of a line: three cues, so that none is needed alone. */
export interface LineStyle {
  /** At least 4.5 : 1 against white, and apart from the others under the common colour-vision deficiencies. */
  readonly colour: string;
  /** `stroke-dasharray`; empty for a solid line. */
  readonly dash: string;
  readonly marker: SymbolType;
}

/** A relation keeps its colour in every figure; the rest is for further models of the same relation. */
const first: Readonly<Record<Relation, LineStyle>> = {
  random: { colour: "#666666", dash: "2 4", marker: symbolSquare },
  self: { colour: "#0b5fa5", dash: "", marker: symbolCircle },
  distilled: { colour: "#c04600", dash: "9 3", marker: symbolTriangle },
  mismatched: { colour: "#00735c", dash: "9 3 2 3", marker: symbolDiamond },
};

const further: readonly LineStyle[] = [
  { colour: "#a3326e", dash: "6 3", marker: symbolStar },
  { colour: "#7a5a00", dash: "4 2", marker: symbolCircle },
  { colour: "#303030", dash: "12 3 2 3 2 3", marker: symbolSquare },
  { colour: "#5b57c2", dash: "14 4", marker: symbolTriangle },
];

/** A style for each line, in order. */
export function lineStyles(relations: readonly (Relation | undefined)[]): LineStyle[] {
  const taken = new Set<LineStyle>();
  let next = 0;
  return relations.map((relation) => {
    const own = relation && first[relation];
    const style = own && !taken.has(own) ? own : further[next++ % further.length]!;
    taken.add(style);
    return style;
  });
}
