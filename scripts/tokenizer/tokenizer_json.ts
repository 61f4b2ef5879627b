/** The Hugging Face `tokenizer.json` of an uncased WordPiece vocabulary, as BERT's reads. */

import { CONTINUATION } from "./merges.ts";

/** In the order of their ids. */
export const SPECIAL_TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] as const;

/**
 * @param masks tokens that are found as they stand, before lower case and splitting, such as `<url>`; their ids follow those of
 *   the special tokens
 * @param pieces the vocabulary, in the order of their ids
 */
export function tokenizerJson(masks: readonly string[], pieces: readonly string[]) {
  const added = [...SPECIAL_TOKENS, ...masks];
  const vocab = Object.fromEntries([...added, ...pieces].map((piece, id) => [piece, id]));
  const special = (token: "[CLS]" | "[SEP]") => ({ id: token, ids: [vocab[token]!], tokens: [token] });
  const token = (id: "[CLS]" | "[SEP]", type: number) => ({ SpecialToken: { id, type_id: type } });
  const text = (id: "A" | "B", type: number) => ({ Sequence: { id, type_id: type } });
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: added.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: id < SPECIAL_TOKENS.length,
    })),
    normalizer: {
      type: "BertNormalizer",
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: true,
      lowercase: true,
    },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: {
      type: "TemplateProcessing",
      single: [token("[CLS]", 0), text("A", 0), token("[SEP]", 0)],
      pair: [token("[CLS]", 0), text("A", 0), token("[SEP]", 0), text("B", 1), token("[SEP]", 1)],
      special_tokens: { "[CLS]": special("[CLS]"), "[SEP]": special("[SEP]") },
    },
    decoder: { type: "WordPiece", prefix: CONTINUATION, cleanup: true },
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: CONTINUATION,
      max_input_chars_per_word: 100,
      vocab,
    },
  };
}
