import type { LabelledExample } from "../../src/data/examples.ts";
import { random } from "../../src/random.ts";
import { tokenizerFrom } from "../../src/text/tokenizer.ts";
import { tinyTokenizer } from "../text/tiny_tokenizer.ts";

const words = Array.from({ length: 16 }, (_, index) => `word${index}`);
export const wordTokenizer = tokenizerFrom(tinyTokenizer(words), "tokenizer.json");

/** Texts of one to so many words, each text of words that only its label has. `key` seeds them. */
export function labelTexts(
  key: readonly string[],
  count: number,
  { labels, longest }: { readonly labels: readonly string[]; readonly longest: number },
): LabelledExample[] {
  const from = random(...key);
  const share = Math.floor(words.length / labels.length);
  return Array.from({ length: count }, (_, index) => {
    const label = from.below(labels.length);
    const wordOf = () => words[from.below(share) * labels.length + label]!;
    const text = Array.from({ length: 1 + from.below(longest) }, wordOf).join(" ");
    return { id: `${key.at(-1)}-${index}`, text, label: labels[label]! };
  });
}
