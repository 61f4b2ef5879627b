/**
 * A text made from another, which still knows the places that its parts came from. All places are in UTF-16 units, as JavaScript's own.
 */
export interface AlignedText {
  readonly text: string;
  /** For each unit, where what it stands for begins and ends in the original; absent where the text is the original. */
  readonly places?: Places;
}

export interface Places {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/**
 * Takes the next part of what a normaliser makes: `output` stands for what lies between `start` and `end`. Where both are of one length
 * they agree unit by unit, else every unit stands for all of it.
 */
export type Write = (output: string, start: number, end: number) => void;

/** Rewrites a text, in order. One form serves both those who want the text alone, fast, and those who want to know its places. */
export type Normalizer = (text: string, write: Write) => void;

/** The normalised text alone. */
export function normalized(text: string, normalizers: readonly Normalizer[]): string {
  return normalizers.reduce((given, normalizer) => {
    let made = "";
    normalizer(given, (output) => {
      made += output;
    });
    return made;
  }, text);
}

/** The normalised text with its places in `text`. */
export function aligned(text: string, normalizers: readonly Normalizer[]): AlignedText {
  return normalizers.reduce<AlignedText>((given, normalizer) => {
    let made = "";
    const starts: number[] = [];
    const ends: number[] = [];
    normalizer(given.text, (output, start, end) => {
      const isUnitByUnit = output.length === end - start;
      for (let unit = 0; unit < output.length; unit++) {
        const [from, to] = isUnitByUnit ? [start + unit, start + unit + 1] : [start, end];
        starts.push(placeOf(given, from, to)[0]);
        ends.push(placeOf(given, from, to)[1]);
      }
      made += output;
    });
    return { text: made, places: { starts, ends } };
  }, { text });
}

/** Where `start` to `end` of an aligned text came from. What came from nowhere, such as a blank put in front, has an empty place. */
export function placeOf({ text, places }: AlignedText, start: number, end: number): readonly [number, number] {
  if (places === undefined) return [start, end];
  const { starts, ends } = places;
  if (end > start) return [starts[start]!, ends[end - 1]!];
  const place = start < text.length ? starts[start]! : ends.at(-1) ?? 0;
  return [place, place];
}
