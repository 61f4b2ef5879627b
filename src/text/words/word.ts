/** A part of a text that is taken into pieces for itself, as the vocabulary spells it. */
export interface Word {
  /** As the vocabulary spells it: with a sign in place of a blank, or a letter for each byte. */
  readonly text: string;
  /** Where it is in the text that was cut. */
  readonly start: number;
  readonly end: number;
  /** How many units of `text` were put in front, and stand for nothing. */
  readonly added: number;
  /** Whether each unit of `text` is a byte; else each is a unit of the text that was cut. */
  readonly isBytes: boolean;
}

/**
 * Cuts a text into words.
 *
 * @param isFirst whether it is the beginning of what is encoded
 */
export type Cut = (text: string, isFirst: boolean) => Word[];

/** A cut that leaves the text as it is: `pattern` matches each word. */
export function matching(pattern: RegExp): Cut {
  return (text) => Array.from(text.matchAll(pattern), ({ 0: { length }, index }) => plain(text, index, index + length));
}

export function plain(text: string, start: number, end: number): Word {
  return { text: text.slice(start, end), start, end, added: 0, isBytes: false };
}

/** Cuts again what was cut. Only the last may spell by bytes. */
export function inTurn(cuts: readonly Cut[]): Cut {
  const [first = whole, ...others] = cuts;
  return others.reduce(
    (before, cut) => (text, isFirst) =>
      before(text, isFirst).flatMap((word) =>
        cut(word.text, isFirst && word.start === 0).map((part) => ({
          ...part,
          start: placeIn(word, part.start),
          end: placeIn(word, part.end),
          added: part.added + Math.max(0, Math.min(word.added - part.start, part.end - part.start)),
        }))
      ),
    first,
  );
}

/** Everything as one word. */
const whole: Cut = (text) => [plain(text, 0, text.length)];

function placeIn(word: Word, unit: number): number {
  return word.start + Math.max(0, unit - word.added);
}
