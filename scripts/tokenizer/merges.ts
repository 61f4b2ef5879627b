/**
 * Trains the pieces of a WordPiece vocabulary.
 *
 * Pieces are found by byte-pair merges (Sennrich et al. 2016): again and again the pair of neighbours that is most frequent over
 * all words becomes one piece. WordPiece's own score, the count of the pair over the product of its parts' counts, was tried
 * and left: it favours rare letters that always stand together and splits common words. Encoding is WordPiece's all the
 * same: the longest piece first.
 */

export const CONTINUATION = "##";

interface Word {
  pieces: string[];
  readonly count: number;
}

/**
 * Single characters first (each as a word's beginning and as its continuation, where it occurs so), then merged pieces in the
 * order in which they were found, up to `size` in all. Equal counts are settled by code units, so the result is one.
 *
 * @param counts how often each word occurs
 * @param minimum characters and pairs that occur less often get no piece; words with such characters teach nothing
 */
export function trainPieces(counts: ReadonlyMap<string, number>, size: number, minimum: number): string[] {
  const characters = frequentCharacters(counts, minimum);
  const words = [...counts]
    .filter(([word]) => [...word].every((character) => characters.has(character)))
    .map(([word, count]): Word => ({ pieces: split(word), count }));
  const pieces = [...new Set(words.flatMap((word) => word.pieces))].toSorted();
  const known = new Set(pieces);
  const pairs = new PairCounts(words);
  while (pieces.length < size) {
    const best = pairs.mostFrequent(minimum);
    if (best === undefined) break;
    const merged = join(best);
    pairs.merge(best, merged);
    if (!known.has(merged)) pieces.push(merged);
    known.add(merged);
  }
  return pieces;
}

function frequentCharacters(counts: ReadonlyMap<string, number>, minimum: number): ReadonlySet<string> {
  const totals = new Map<string, number>();
  for (const [word, count] of counts) {
    for (const character of word) totals.set(character, (totals.get(character) ?? 0) + count);
  }
  return new Set([...totals].filter(([, total]) => total >= minimum).map(([character]) => character));
}

function split(word: string): string[] {
  return [...word].map((character, index) => (index === 0 ? character : CONTINUATION + character));
}

type Pair = readonly [string, string];

function join([first, second]: Pair): string {
  return first + second.slice(CONTINUATION.length);
}

/** How often each pair of neighbours occurs, kept up to date over merges. */
class PairCounts {
  readonly #pairs = new Map<string, { readonly pair: Pair; count: number; readonly words: Set<Word> }>();

  constructor(words: readonly Word[]) {
    for (const word of words) this.#add(word, 1);
  }

  mostFrequent(minimum: number): Pair | undefined {
    let best: { key: string; pair: Pair; count: number } | undefined;
    for (const [key, { pair, count }] of this.#pairs) {
      if (count < minimum || (best && (count < best.count || (count === best.count && key > best.key)))) continue;
      best = { key, pair, count };
    }
    return best?.pair;
  }

  merge(pair: Pair, merged: string): void {
    for (const word of this.#pairs.get(keyOf(pair))!.words) {
      this.#add(word, -1);
      word.pieces = replaced(word.pieces, pair, merged);
      this.#add(word, 1);
    }
    this.#pairs.delete(keyOf(pair));
  }

  #add(word: Word, sign: 1 | -1): void {
    for (let index = 1; index < word.pieces.length; index++) {
      const pair: Pair = [word.pieces[index - 1]!, word.pieces[index]!];
      const key = keyOf(pair);
      let entry = this.#pairs.get(key);
      if (!entry) this.#pairs.set(key, entry = { pair, count: 0, words: new Set() });
      entry.count += sign * word.count;
      entry.words.add(word);
    }
  }
}

function keyOf([first, second]: Pair): string {
  return `${first} ${second}`;
}

function replaced(pieces: readonly string[], [first, second]: Pair, merged: string): string[] {
  const result: string[] = [];
  for (let index = 0; index < pieces.length; index++) {
    const here = pieces[index] === first && pieces[index + 1] === second;
    result.push(here ? merged : pieces[index]!);
    if (here) index++;
  }
  return result;
}
