/** Finds texts that say almost the same: one mail sent twice, with another name, number or random tail, or on one template. */

const SHINGLE = 3;

/** From this similarity on, two texts are one: the later is dropped. */
export const DUPLICATE = 0.6;

/** From this similarity on, two texts are of one family: they must not stand on both sides of a split. */
export const RELATED = 0.25;

/** What relatives share: a text's words, without case, digits, punctuation and masks. */
export function wordsOf(text: string): string[] {
  return text.replace(/<\w+>/g, " ").toLowerCase().match(/\p{L}+/gu) ?? [];
}

/** Texts, grouped by the Jaccard index of their three-word sequences; relatives of relatives are of one family. */
export class Families {
  readonly #sizes: number[] = [];
  readonly #parents: number[] = [];
  readonly #holders = new Map<string, number[]>();

  /** The index of the text among those added, or undefined where it is a duplicate of an earlier one and was left out. */
  add(text: string): number | undefined {
    const shingles = shinglesOf(text);
    const similarities = this.#similarities(shingles);
    if (similarities.some(({ similarity }) => similarity >= DUPLICATE)) return undefined;

    const added = this.#sizes.push(shingles.size) - 1;
    this.#parents.push(added);
    for (const shingle of shingles) {
      const holders = this.#holders.get(shingle);
      if (holders) holders.push(added);
      else this.#holders.set(shingle, [added]);
    }
    for (const { index, similarity } of similarities) {
      if (similarity >= RELATED) this.#join(index, added);
    }
    return added;
  }

  /** The first text of the family that a text belongs to, once all are added. */
  firstOf(index: number): number {
    let first = index;
    while (this.#parents[first] !== first) first = this.#parents[first]!;
    return first;
  }

  #join(one: number, other: number): void {
    const [a, b] = [this.firstOf(one), this.firstOf(other)];
    this.#parents[Math.max(a, b)] = Math.min(a, b);
  }

  #similarities(shingles: ReadonlySet<string>): { index: number; similarity: number }[] {
    const shared = new Map<number, number>();
    for (const shingle of shingles) {
      for (const holder of this.#holders.get(shingle) ?? []) shared.set(holder, (shared.get(holder) ?? 0) + 1);
    }
    return Array.from(shared, ([index, count]) => ({
      index,
      similarity: count / (this.#sizes[index]! + shingles.size - count),
    }));
  }
}

function shinglesOf(text: string): ReadonlySet<string> {
  const words = wordsOf(text);
  const shingles = new Set<string>();
  for (let start = 0; start === 0 || start + SHINGLE <= words.length; start++) {
    shingles.add(words.slice(start, start + SHINGLE).join(" "));
  }
  return shingles;
}
