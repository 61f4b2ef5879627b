import type { JsonPart } from "../json_part.ts";
import { readPattern } from "../pattern.ts";
import { type Cut, plain } from "./word.ts";

type Behavior = "removed" | "isolated" | "mergedwithprevious" | "mergedwithnext" | "contiguous";
const behaviors: readonly string[] = ["removed", "isolated", "mergedwithprevious", "mergedwithnext", "contiguous"];

/** Cuts at a pattern of the file's own. */
export function split(json: JsonPart): Cut {
  const pattern = readPattern(json.at("pattern"));
  return cutAt(pattern, behaviorOf(json), json.at("invert").flag(false));
}

export function behaviorOf(json: JsonPart, fallback?: Behavior): Behavior {
  const part = json.at("behavior");
  const name = part.text(fallback).toLowerCase();
  if (behaviors.includes(name)) return name as Behavior;
  throw part.wrong("Removed, Isolated, MergedWithPrevious, MergedWithNext or Contiguous");
}

/** Cuts at what `pattern` matches; inverted, what lies between the matches is what it is cut at. */
export function cutAt(pattern: RegExp, behavior: Behavior, isInverted = false): Cut {
  return (text) => {
    const stretches: { start: number; end: number; isMatch: boolean }[] = [];
    const add = (start: number, end: number, isMatch: boolean) => {
      if (end > start) stretches.push({ start, end, isMatch: isMatch !== isInverted });
    };
    let last = 0;
    for (const { 0: { length }, index } of text.matchAll(pattern)) {
      add(last, index, false);
      add(index, index + length, true);
      last = index + length;
    }
    add(last, text.length, false);
    if (behavior === "removed") {
      return stretches.filter(({ isMatch }) => !isMatch).map(({ start, end }) => plain(text, start, end));
    }
    const words: { start: number; end: number }[] = [];
    let before: boolean | undefined;
    for (const { start, end, isMatch } of stretches) {
      const joins = behavior === "contiguous"
        ? before === isMatch
        : behavior === "mergedwithprevious"
        ? isMatch && before === false
        : behavior === "mergedwithnext" && !isMatch && before === true;
      if (joins) words.at(-1)!.end = end;
      else words.push({ start, end });
      before = isMatch;
    }
    return words.map(({ start, end }) => plain(text, start, end));
  };
}
