import { expect, it } from "vitest";
import { benchTokenizers, wholeAndShort } from "../../bench/tokenizers/bench_tokenizers.ts";
import type { TokenizerRow } from "../../bench/tokenizers/measure_tokenizer.ts";
import { aimReached, tokenizerTable } from "../../bench/tokenizers/tokenizer_table.ts";
import { tokenizerFrom } from "../../src/text/tokenizer.ts";
import { tinyTokenizer } from "../text/tiny_tokenizer.ts";

it("tokenizers are measured against the library, with the same ids, whole and short", async () => {
  const rows: TokenizerRow[] = [];
  const texts = ["good mail", "bad ".repeat(50)];
  for await (
    const event of benchTokenizers({
      name: "tiny",
      tokenizer: tokenizerFrom(tinyTokenizer(), "tiny"),
      sets: wholeAndShort("two", texts),
      effort: { budget: 1, leastRounds: 1, mostRounds: 1, leastSample: 0.1 },
      signal: new AbortController().signal,
      now: () => performance.now(),
    })
  ) if (event.kind === "row") rows.push(event.row);
  expect(rows.map(({ texts }) => texts)).toEqual(["two", "two, 100 letters of each"]);
  expect(rows[0]).toMatchObject({ tokenizer: "tiny", count: 2, mean_length: 104.5, mean_tokens: 28, different: 0 });
  expect(rows[1]).toMatchObject({ mean_length: 54.5 });
  for (const row of rows) expect(row.texts_per_second * row.ours_ms).toBeCloseTo(2000);
  expect(tokenizerTable(rows, 200)).toContain("the aim of 20000 is");
});

it("a bench of tokenizers says whether 20,000 texts a second are reached, and how long its texts are", () => {
  const row = { texts: "mails", mean_length: 562, tokens_per_second: 1_000_000 } as TokenizerRow;
  expect(aimReached({ ...row, texts_per_second: 20_000 })).toBe(
    "mails: 20000 texts a second of 562 letters in the mean; the aim of 20000 is reached.",
  );
  expect(aimReached({ ...row, texts_per_second: 6_000 })).toMatch(/the aim of 20000 is not: at 1000000 .* 50 tokens/);
});
