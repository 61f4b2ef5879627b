const BLANK = /^\p{White_Space}$/u;

/** Where the blanks begin that end at `end`, not before `least`. */
export function startOfBlanks(text: string, end: number, least = 0): number {
  let start = end;
  while (start > least && BLANK.test(text[start - 1]!)) start--;
  return start;
}

/** Where the blanks end that begin at `start`. */
export function endOfBlanks(text: string, start: number): number {
  let end = start;
  while (end < text.length && BLANK.test(text[end]!)) end++;
  return end;
}
