import { readFileSync } from "node:fs";
import { classes, parquetFile, text } from "../data/readers/parquet_file.ts";
import { tinyTokenizer } from "../text/tiny_tokenizer.ts";
import { LoopbackHub } from "./loopback_hub.ts";
import { tinyBert, tinyCheckpoint, tinyDistilBert } from "./tiny_checkpoint.ts";

interface Row {
  readonly text: string;
  readonly label: string;
}

/** The files of a data set's parts, a text and its label a line of JSON. */
export interface Parts {
  readonly train: string;
  readonly test: string;
}

/**
 * A hub with what the thesis's listing 4 names: BERT and DistilBERT, tiny and untrained, over the words of TREC; and TREC itself as the hub
 * has it, Parquet files in its own conversion of a repository that holds a script.
 */
export function trecHub(parts: Parts): LoopbackHub {
  const [train, test] = [rowsOf(parts.train), rowsOf(parts.test)];
  const { tokenizer, size } = wordsOf(train);
  const hub = new LoopbackHub("bert-base-cased", tinyCheckpoint(tinyBert(size), tokenizer));
  hub.publish("distilbert-base-cased", tinyCheckpoint(tinyDistilBert(size), tokenizer));
  hub.publish("datasets/CogComp/trec", new Map([["trec.py", new TextEncoder().encode("pass\n")]]));
  const coarse = classes("ABBR", "ENTY", "DESC", "HUM", "LOC", "NUM");
  const file = (rows: readonly Row[]) =>
    parquetFile(
      { text, coarse_label: coarse },
      rows.map((row) => ({ text: row.text, coarse_label: row.label })),
    );
  hub.publish(
    "datasets/CogComp/trec",
    new Map([["default/train/0000.parquet", file(train)], ["default/test/0000.parquet", file(test)]]),
    "refs/convert/parquet",
  );
  return hub;
}

/** One with what listing 1 names: multilingual BERT likewise, and CEDR as files of JSON. */
export function cedrHub(parts: Parts): LoopbackHub {
  const { tokenizer, size } = wordsOf(rowsOf(parts.train));
  const hub = new LoopbackHub("bert-base-multilingual-cased", tinyCheckpoint(tinyBert(size), tokenizer));
  hub.publish(
    "datasets/Rexhaif/cedr-full",
    new Map([["train.jsonl", readFileSync(parts.train)], ["test.jsonl", readFileSync(parts.test)]]),
  );
  return hub;
}

function wordsOf(rows: readonly Row[]) {
  const words = rows.flatMap((row) => row.text.toLowerCase().match(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu) ?? []);
  const tokenizer = tinyTokenizer([...new Set(words)].sort());
  return { tokenizer, size: Object.keys(tokenizer.model.vocab).length };
}

function rowsOf(file: string): Row[] {
  return readFileSync(file, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
}
