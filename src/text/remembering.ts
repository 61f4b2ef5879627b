const MOST_WORDS = 50_000;
const LONGEST_KEPT = 64;

/** A function of words that remembers its results: most of a text are words that came before. What was not asked for in a while goes. */
export function remembering<T>(resultOf: (word: string) => T): (word: string) => T {
  let known = new Map<string, T>();
  let older = new Map<string, T>();
  return (word) => {
    const found = known.get(word);
    if (found !== undefined) return found;
    const result = older.get(word) ?? resultOf(word);
    if (word.length <= LONGEST_KEPT) {
      if (known.size >= MOST_WORDS) [known, older] = [new Map(), known];
      known.set(word, result);
    }
    return result;
  };
}
