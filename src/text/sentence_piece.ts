import * as v from "valibot";
import { InputError } from "../errors.ts";

/** What stands for a space, and before each text. */
const SPACE = "▁";
/** Row by row a piece and its log probability; its place is its id. */
const vocabularyShape = v.array(v.tuple([v.string(), v.nullable(v.number())]));

export interface SentencePieceOptions {
  /** So many rows at the beginning stand for no text: the unknown one, and such as ends a text. */
  readonly reserved: number;
  /** A token to fill rows up, whose id is the first after the vocabulary's. */
  readonly padding: string;
}

/**
 * The `tokenizer.json` of a vocabulary of pieces with their log probabilities, by which a text is cut into its likeliest pieces: Kudo,
 * Subword Regularization, 2018. Texts are normalised to NFKC; a character that is in no piece is the unknown token, 0.
 *
 * A score that is null counts as 0. Of a piece that is there more than once the last counts.
 *
 * @throws InputError where it is no such vocabulary
 */
export function sentencePieceJson(
  vocabulary: unknown,
  { reserved, padding }: SentencePieceOptions,
  source: string,
): object {
  const result = v.safeParse(vocabularyShape, vocabulary);
  if (!result.success || result.output.length <= reserved) {
    throw new InputError(`${source}: not a vocabulary. A list of [piece, log probability] was expected`);
  }
  const scores = result.output.map(([piece, score], id): Row => [piece, id < reserved ? NEVER : score ?? 0]);
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: {
      type: "Sequence",
      normalizers: [
        { type: "NFKC" },
        // Before the first character, so that an empty text stays empty. "^" is before each line's.
        { type: "Replace", pattern: { Regex: "(?<![\\s\\S])(?=[\\s\\S])" }, content: SPACE },
        { type: "Replace", pattern: { String: " " }, content: SPACE },
      ],
    },
    pre_tokenizer: null,
    post_processor: null,
    decoder: { type: "Metaspace", replacement: SPACE, prepend_scheme: "always", split: true },
    model: { type: "Unigram", unk_id: 0, byte_fallback: false, vocab: [...scores, [padding, NEVER]] },
  };
}

type Row = readonly [piece: string, score: number];

/** Less likely than any text is that is cut into single characters, so that no text becomes such a token. */
const NEVER = -1e4;
