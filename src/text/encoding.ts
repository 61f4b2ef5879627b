import type { Frame } from "./frame.ts";
import type { Tokens } from "./tokens.ts";

/** A row of tokens, and what each stands for. */
export interface Encoding {
  readonly ids: readonly number[];
  /** 0 for tokens of the first text, 1 for those of the second, as far as the model tells them apart. */
  readonly types: readonly number[];
  /** Which text a token is of: 0 or 1, and -1 for special tokens. */
  readonly texts: readonly number[];
  /**
   * Where what a token stands for begins and ends in its text, in UTF-16 units: never within a letter, and never before where the token
   * before it begins. 0 and 0 for special tokens; of no length too for what stands for nothing, such as the sign of a blank that was put in front.
   */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** Tokens of one or two texts among special ones; `lengths`: how many there may be of each. */
export function framed(
  frame: Frame,
  texts: readonly Tokens[],
  lengths: readonly number[],
  padId: number,
): Encoding {
  const ids: number[] = [];
  const types: number[] = [];
  const sources: number[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const add = (id: number, type: number, source: number, start: number, end: number) => {
    ids.push(id);
    types.push(type);
    sources.push(source);
    starts.push(start);
    ends.push(end);
  };
  for (const part of frame) {
    if ("ids" in part) {
      for (const id of part.ids) add(id, part.type, -1, 0, 0);
    } else {
      const tokens = texts[part.text]!;
      const count = Math.min(tokens.ids.length, lengths[part.text]!);
      for (let index = 0; index < count; index++) {
        add(tokens.ids[index]!, part.type, part.text, tokens.starts[index]!, tokens.ends[index]!);
      }
    }
  }
  if (ids.length === 0) add(padId, 0, -1, 0, 0);
  return { ids, types, texts: sources, starts, ends };
}
