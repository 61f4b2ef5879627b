import { InputError } from "../errors.ts";

/** Keys of `tokenizer_config.json` that change what a vocabulary of word pieces does. */
export interface WordPieceOptions {
  readonly do_lower_case?: unknown;
  readonly strip_accents?: unknown;
  readonly tokenize_chinese_chars?: unknown;
}

const SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
const REQUIRED = ["[UNK]", "[CLS]", "[SEP]"];

/**
 * The `tokenizer.json` of a `vocab.txt`, a piece a line: BERT's. Where nothing says whether texts are lower-cased, a vocabulary with
 * capitalised words in it is cased.
 *
 * @throws InputError where a special token is missing
 * @see Schuster & Nakajima, Japanese and Korean Voice Search, 2012; Devlin et al., 2018
 */
export function wordPieceJson(vocabulary: string, options: WordPieceOptions, source: string): object {
  const pieces = vocabulary.replace(/\n$/, "").split("\n").map((line) => line.replace(/\r$/, ""));
  const ids = new Map(pieces.map((piece, id) => [piece, id]));
  for (const token of REQUIRED) {
    if (!ids.has(token)) throw new InputError(`${source} has no ${token}, which a vocabulary of word pieces needs`);
  }
  const special = SPECIAL.flatMap((content) => {
    const id = ids.get(content);
    return id === undefined ? [] : [{ ...plain, id, content, special: true }];
  });
  const { do_lower_case: lower, strip_accents: accents, tokenize_chinese_chars: chinese } = options;
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: special,
    normalizer: {
      type: "BertNormalizer",
      clean_text: true,
      handle_chinese_chars: chinese !== false,
      strip_accents: typeof accents === "boolean" ? accents : null,
      lowercase: typeof lower === "boolean" ? lower : !isCased(pieces),
    },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: {
      type: "TemplateProcessing",
      single: [opening, first, closing(0)],
      pair: [opening, first, closing(0), second, closing(1)],
      special_tokens: Object.fromEntries(
        ["[CLS]", "[SEP]"].map((token) => [token, { id: token, ids: [ids.get(token)], tokens: [token] }]),
      ),
    },
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(ids),
    },
  };
}

const plain = { single_word: false, lstrip: false, rstrip: false, normalized: false };
const opening = { SpecialToken: { id: "[CLS]", type_id: 0 } };
const first = { Sequence: { id: "A", type_id: 0 } };
const second = { Sequence: { id: "B", type_id: 1 } };

function closing(type: number): object {
  return { SpecialToken: { id: "[SEP]", type_id: type } };
}

/** A lower-cased vocabulary may hold a capital that is a sign of its own, such as that of the real numbers. */
function isCased(pieces: readonly string[]): boolean {
  return pieces.some((piece) => /^(##)?\p{Lu}\p{Ll}+$/u.test(piece));
}
