const special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"];

/** A `tokenizer.json` in BERT's manner with a handful of words. `pieces` follow the special tokens. */
export function tinyTokenizer(pieces: readonly string[] = ["good", "bad", "##ly", "mail", "!"]) {
  const vocab = Object.fromEntries([...special, ...pieces].map((piece, id) => [piece, id]));
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  const token = (id: string) => ({ id, ids: [vocab[id]], tokens: [id] });
  return {
    version: "1.0",
    added_tokens: special.map((content, id) => ({ id, content, ...flags })),
    normalizer: {
      type: "BertNormalizer",
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: {
      type: "TemplateProcessing",
      single: [{ SpecialToken: { id: "[CLS]", type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }, {
        SpecialToken: { id: "[SEP]", type_id: 0 },
      }],
      pair: [],
      special_tokens: { "[CLS]": token("[CLS]"), "[SEP]": token("[SEP]") },
    },
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab,
    },
  };
}
