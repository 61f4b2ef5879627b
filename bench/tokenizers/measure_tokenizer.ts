import { Tokenizer as LibraryTokenizer } from "@huggingface/tokenizers";
import { Failure, messageOf } from "../../src/errors.ts";
import { type Tokenizer, tokenizerFrom } from "../../src/text/tokenizer.ts";
import { compare, type Effort, type Side } from "../measure.ts";

/** Texts that a tokenizer is measured with. */
export interface TextSet {
  readonly name: string;
  readonly texts: readonly string[];
}

/** What a tokenizer took for one set of texts. Times are medians in milliseconds, for all of them once. */
export interface TokenizerRow {
  readonly tokenizer: string;
  readonly texts: string;
  readonly count: number;
  /** Of a text, in UTF-16 units and in tokens. */
  readonly mean_length: number;
  readonly mean_tokens: number;
  readonly ours_ms: number;
  /** Ours with the places of tokens. */
  readonly places_ms: number;
  /** Ours read anew, so that no word is remembered: with the reading of the parsed file. */
  readonly anew_ms: number;
  /** That of `@huggingface/tokenizers`. */
  readonly library_ms: number;
  /** library_ms / ours_ms. */
  readonly ratio: number;
  readonly texts_per_second: number;
  readonly tokens_per_second: number;
  /** Texts of which the library gives other ids. */
  readonly different: number;
  readonly rounds: number;
}

const ENDLESS = Number.MAX_SAFE_INTEGER;

/** Measures ours and the library's in turns, on one thread, each text whole. */
export async function measureTokenizer(
  name: string,
  ours: Tokenizer,
  { name: texts, texts: all }: TextSet,
  effort: Effort,
  now: () => number,
): Promise<TokenizerRow> {
  const library = libraryOf(ours);
  const each = (name: string, encode: (text: string) => unknown): Side => side(name, () => all.forEach(encode));
  const sides = [
    each("ours", (text) => ours.encode(text, ENDLESS)),
    each("places", (text) => ours.encodePlaces(text, ENDLESS)),
    side("anew", () => {
      const fresh = tokenizerFrom(ours.json, ours.file);
      all.forEach((text) => fresh.encode(text, ENDLESS));
    }),
    each("library", (text) => library.encode(text)),
  ];
  const { timings, rounds } = await compare(sides, side("empty", () => {}), effort, now);
  const [oursMs, placesMs, anewMs, libraryMs] = timings.map(({ median }) => median) as [number, number, number, number];
  const ids = all.map((text) => ours.encode(text, ENDLESS));
  const tokens = ids.reduce((sum, { length }) => sum + length, 0);
  return {
    tokenizer: name,
    texts,
    count: all.length,
    mean_length: all.reduce((sum, { length }) => sum + length, 0) / all.length,
    mean_tokens: tokens / all.length,
    ours_ms: oursMs,
    places_ms: placesMs,
    anew_ms: anewMs,
    library_ms: libraryMs,
    ratio: libraryMs / oursMs,
    texts_per_second: all.length / oursMs * 1000,
    tokens_per_second: tokens / oursMs * 1000,
    different: all.filter((text, index) => String(library.encode(text).ids) !== String(ids[index])).length,
    rounds,
  };
}

function libraryOf({ json, file }: Tokenizer): LibraryTokenizer {
  try {
    return new LibraryTokenizer(json, {});
  } catch (thrown) {
    throw new Failure(`${file}: ours reads it, the library it is measured against does not: ${messageOf(thrown)}`);
  }
}

function side(name: string, once: () => void): Side {
  return {
    name,
    run(times) {
      for (let time = 0; time < times; time++) once();
      return Promise.resolve();
    },
  };
}
