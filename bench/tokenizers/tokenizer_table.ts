import { textTable, wrapped } from "../../src/report/text_table.ts";
import type { TokenizerRow } from "./measure_tokenizer.ts";

/** Texts a second that a pool should never have to wait for. */
const AIM = 20_000;

/** The rows as a table for people, whether the aim is reached, and what the columns mean. */
export function tokenizerTable(rows: readonly TokenizerRow[], columns: number): string {
  const head = [
    "tokenizer",
    "texts",
    "mean length",
    "tokens",
    "texts/s",
    "tokens/s",
    "with places",
    "anew",
    "library",
    "times faster",
  ];
  const cells = rows.map((row) => [
    row.tokenizer,
    row.texts,
    row.mean_length.toFixed(0),
    row.mean_tokens.toFixed(1),
    perSecond(row, row.ours_ms),
    row.tokens_per_second.toFixed(0),
    perSecond(row, row.places_ms),
    perSecond(row, row.anew_ms),
    perSecond(row, row.library_ms),
    row.ratio.toFixed(1),
  ]);
  const table = textTable(head, cells, ["left", "left", ...head.slice(2).map(() => "right" as const)], columns);
  const notes = [
    ...rows.map(aimReached),
    "Medians over turns, one thread. with places: the places of tokens too. anew: the tokenizer is read first, and no word is " +
    "remembered. library: @huggingface/tokenizers. All but tokens/s are texts a second.",
    ...rows.filter(({ different }) => different > 0).map(({ texts, different, count }) =>
      `${texts}: of ${different} of ${count} texts the library gives other ids.`
    ),
  ];
  return [...table, "", ...notes.flatMap((note) => wrapped(note, columns)), ""].join("\n");
}

/** Whether a row reaches the aim, and if not, what its texts are like. */
export function aimReached(row: TokenizerRow): string {
  const { texts, texts_per_second: speed, mean_length: length, tokens_per_second: tokens } = row;
  const is = `${texts}: ${speed.toFixed(0)} texts a second of ${length.toFixed(0)} letters in the mean`;
  if (speed >= AIM) return `${is}; the aim of ${AIM} is reached.`;
  const short = `${(tokens / AIM).toFixed(0)} tokens`;
  return `${is}; the aim of ${AIM} is not: at ${
    tokens.toFixed(0)
  } tokens a second, texts of up to ${short} would reach it.`;
}

function perSecond({ count }: TokenizerRow, milliseconds: number): string {
  return (count / milliseconds * 1000).toFixed(0);
}
