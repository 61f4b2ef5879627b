/** The words of a corpus, as a tokenizer with this normalizer and pre-tokenizer will see them. */

import { Tokenizer } from "@huggingface/tokenizers";
import { tokenizerJson } from "./tokenizer_json.ts";

/** How often each word occurs in the texts, masks left out. */
export function countWords(texts: readonly string[], masks: readonly string[]): Map<string, number> {
  const { normalizer, pre_tokenizer: preTokenizer } = new Tokenizer(tokenizerJson(masks, []), {});
  const counts = new Map<string, number>();
  for (const text of texts) {
    const plain = masks.reduce((rest, mask) => rest.replaceAll(mask, " "), text);
    for (const word of preTokenizer!(normalizer!(plain))) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}
