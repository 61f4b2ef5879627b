import { type AddedToken, readAddedTokens, stretchesAt } from "./added_tokens.ts";
import { aligned, type AlignedText, normalized, type Normalizer, placeOf } from "./aligned_text.ts";
import { endOfBlanks, startOfBlanks } from "./blanks.ts";
import type { JsonPart } from "./json_part.ts";
import { readNormalizers } from "./normalizers/read_normalizers.ts";
import type { PieceModel } from "./pieces/piece_model.ts";
import { readPieceModel } from "./pieces/read_piece_model.ts";
import type { Vocabulary } from "./pieces/vocabulary.ts";
import { remembering } from "./remembering.ts";
import { BLANK, lettersOfBytes } from "./words/byte_level.ts";
import { readCut } from "./words/read_cut.ts";
import type { Cut, Word } from "./words/word.ts";

/** Tokens of one text, without the special ones that a model puts around it. */
export interface Tokens {
  readonly ids: number[];
  /** Where each token begins and ends in the text, in UTF-16 units. */
  readonly starts: number[];
  readonly ends: number[];
}

/**
 * Takes texts into tokens in the five steps of a `tokenizer.json`: added tokens are found, what lies between them is normalised, cut into
 * words, and each word is taken into pieces of the vocabulary. The fifth, the special tokens around it, is {@link readFrames}'.
 */
export class TextTokens {
  readonly vocabulary: Vocabulary;
  readonly addedTokens: readonly AddedToken[];
  readonly #normalizers: readonly Normalizer[];
  readonly #cut: Cut;
  readonly #cutWord: Cut;
  readonly #model: PieceModel;
  readonly #stretches: ReturnType<typeof stretchesAt>;
  readonly #normalizedStretches: ReturnType<typeof stretchesAt>;

  /** `trims`: whether places leave out the blanks around a token that is spelt by bytes. */
  constructor(json: JsonPart, readonly trims: boolean) {
    const { model, vocabulary } = readPieceModel(json.at("model"));
    this.vocabulary = vocabulary;
    this.addedTokens = readAddedTokens(json.at("added_tokens"), vocabulary);
    this.#normalizers = readNormalizers(json.at("normalizer"));
    this.#cut = readCut(json.at("pre_tokenizer"), false);
    this.#cutWord = readCut(json.at("pre_tokenizer"), true);
    this.#model = remembering(model);
    this.#stretches = stretchesAt(this.addedTokens.filter(({ isNormalized }) => !isNormalized));
    this.#normalizedStretches = stretchesAt(
      this.addedTokens.filter(({ isNormalized }) => isNormalized),
      this.#normalizers,
    );
  }

  idOf(token: string): number | undefined {
    return this.addedTokens.find(({ content }) => content === token)?.id ?? this.vocabulary.get(token);
  }

  /** The ids alone, `most` of them or a few more: it stops where there are enough. */
  ids(text: string, most: number): number[] {
    const ids: number[] = [];
    this.#visit(text, this.#cut, (section) => ({ text: normalized(section, this.#normalizers) }), {
      added: (id) => ids.push(id),
      word: (word) => pushAll(ids, this.#model(word.text).ids),
      isDone: () => ids.length >= most,
    });
    return ids;
  }

  /** The ids of one word of a list: it has the blank before it that it would have in a text. */
  idsOfWord(word: string): number[] {
    const ids: number[] = [];
    this.#visit(word, this.#cutWord, (section) => ({ text: normalized(section, this.#normalizers) }), {
      added: (id) => ids.push(id),
      word: (part) => pushAll(ids, this.#model(part.text).ids),
      isDone: () => false,
    });
    return ids;
  }

  /** The tokens with their places. */
  tokens(text: string): Tokens {
    const tokens: Tokens = { ids: [], starts: [], ends: [] };
    const add = (id: number, start: number, end: number) => {
      tokens.ids.push(id);
      tokens.starts.push(start);
      tokens.ends.push(end);
    };
    this.#visit(text, this.#cut, (section) => aligned(section, this.#normalizers), {
      added: (id, start, end) => {
        const first = this.trims ? Math.min(endOfBlanks(text, start), end) : start;
        add(id, first, this.trims ? startOfBlanks(text, end, first) : end);
      },
      word: (word, section, offset, base) => {
        const { ids, starts, ends } = this.#model(word.text);
        const places = word.isBytes
          ? lettersOfBytes(section.text.slice(offset + word.start, offset + word.end))
          : undefined;
        for (const [index, id] of ids.entries()) {
          const [from, to] = this.trims && word.isBytes
            ? withoutBlanks(word.text, starts[index]!, ends[index]!)
            : [starts[index]!, ends[index]!];
          const [first, last] = unitsOf(word, places, from, to);
          const [start, end] = placeOf(section, offset + first, offset + last);
          add(id, base + start, base + end);
        }
      },
      isDone: () => false,
    });
    return tokens;
  }

  #visit<Section extends AlignedText>(
    text: string,
    cut: Cut,
    normalize: (section: string) => Section,
    visitor: {
      added(id: number, start: number, end: number): void;
      /** `offset`: where what was cut begins in the section; `base`: where the section begins in the text. */
      word(word: Word, section: Section, offset: number, base: number): void;
      isDone(): boolean;
    },
  ): void {
    for (const { start: base, end, id } of this.#stretches(text)) {
      if (id !== undefined) {
        visitor.added(id, base, end);
        continue;
      }
      const section = normalize(text.slice(base, end));
      for (const stretch of this.#normalizedStretches(section.text)) {
        if (stretch.id !== undefined) {
          const [from, to] = placeOf(section, stretch.start, stretch.end);
          visitor.added(stretch.id, base + from, base + to);
          continue;
        }
        const isFirst = base === 0 && stretch.start === 0;
        for (const word of cut(section.text.slice(stretch.start, stretch.end), isFirst)) {
          visitor.word(word, section, stretch.start, base);
          if (visitor.isDone()) return;
        }
      }
    }
  }
}

/** A word without end may have more pieces than a call can have arguments. */
function pushAll(ids: number[], more: readonly number[]): void {
  for (const id of more) ids.push(id);
}

/** A token spelt by bytes without the blanks around it; of blanks alone, the place after them. */
function withoutBlanks(word: string, start: number, end: number): readonly [number, number] {
  let [from, to] = [start, end];
  while (from < to && word[from] === BLANK) from++;
  while (to > from && word[to - 1] === BLANK) to--;
  return [from, to];
}

/** What a token's units of a word stand for in the text that was cut; `places`: where each byte's letter begins and ends. */
function unitsOf(word: Word, places: ReturnType<typeof lettersOfBytes> | undefined, from: number, to: number) {
  const [first, last] = [from - word.added, to - word.added];
  if (places === undefined) return [word.start + Math.max(0, first), word.start + Math.max(0, last)] as const;
  const start = first < 0 ? 0 : places.starts[first] ?? word.end - word.start;
  const end = last <= 0 ? 0 : to > from ? places.ends[last - 1]! : start;
  return [word.start + Math.min(start, Math.max(end, start)), word.start + Math.max(start, end)] as const;
}
