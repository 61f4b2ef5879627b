import { Interrupted } from "../../src/errors.ts";
import type { Tokenizer } from "../../src/text/tokenizer.ts";
import type { Effort } from "../measure.ts";
import { measureTokenizer, type TextSet, type TokenizerRow } from "./measure_tokenizer.ts";

/** What happens while tokenizers are measured, in order. */
export type TokenizerBenchEvent =
  /** One begins; `done` of `of` are measured. */
  | { readonly kind: "measuring"; readonly tokenizer: string; readonly texts: string; done: number; of: number }
  | { readonly kind: "row"; readonly row: TokenizerRow };

export interface TokenizerBench {
  readonly name: string;
  readonly tokenizer: Tokenizer;
  readonly sets: readonly TextSet[];
  readonly effort: Effort;
  readonly signal: AbortSignal;
  now(): number;
}

/** How many units of a text are one of the short texts. */
const SHORT = 100;

/** Texts, and the beginning of each: as long as a question, or a line of a chat. */
export function wholeAndShort(name: string, texts: readonly string[]): TextSet[] {
  return [
    { name, texts },
    { name: `${name}, ${SHORT} letters of each`, texts: texts.map((text) => text.slice(0, SHORT)) },
  ];
}

/** Measures a tokenizer with every set of texts. */
export async function* benchTokenizers(
  { name, tokenizer, sets, effort, signal, now }: TokenizerBench,
): AsyncGenerator<TokenizerBenchEvent, void> {
  for (const [done, set] of sets.entries()) {
    if (signal.aborted) throw new Interrupted("interrupted; a bench keeps nothing, and begins anew");
    yield { kind: "measuring", tokenizer: name, texts: set.name, done, of: sets.length };
    yield { kind: "row", row: await measureTokenizer(name, tokenizer, set, effort, now) };
  }
}
