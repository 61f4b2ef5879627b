import { readFileSync } from "node:fs";
import { classes, parquetFile, text } from "../data/readers/parquet_file.ts";
import { tinyTokenizer } from "../text/tiny_tokenizer.ts";
import { LoopbackHub } from "./loopback_hub.ts";
import { tinyBert, tinyCheckpoint, tinyDistilBert } from "./tiny_checkpoint.ts";

interface Question {
  readonly text: string;
  readonly label: string;
}

/**
 * A hub with the models of the thesis's listing 4, tiny and untrained, over the words of TREC, and with TREC itself as the hub has it:
 * Parquet files in its own conversion of a repository that holds a script.
 *
 * @param train the files of TREC's parts, a question and its label a line of JSON
 */
export function trecHub({ train, test }: { train: string; test: string }): LoopbackHub {
  const [questions, held] = [train, test].map(rowsOf);
  const words = questions!.flatMap((row) => row.text.toLowerCase().match(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu) ?? []);
  const tokenizer = tinyTokenizer([...new Set(words)].sort());
  const size = Object.keys(tokenizer.model.vocab).length;
  const hub = new LoopbackHub("bert-base-cased", tinyCheckpoint(tinyBert(size), tokenizer));
  hub.publish("distilbert-base-cased", tinyCheckpoint(tinyDistilBert(size), tokenizer));
  hub.publish("datasets/CogComp/trec", new Map([["trec.py", new TextEncoder().encode("pass\n")]]));
  hub.publish(
    "datasets/CogComp/trec",
    new Map([
      ["default/train/0000.parquet", trecFile(questions!)],
      ["default/test/0000.parquet", trecFile(held!)],
    ]),
    "refs/convert/parquet",
  );
  return hub;
}

function rowsOf(file: string): Question[] {
  return readFileSync(file, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
}

function trecFile(questions: readonly Question[]): Uint8Array {
  const coarse = classes("ABBR", "ENTY", "DESC", "HUM", "LOC", "NUM");
  return parquetFile(
    { text, coarse_label: coarse },
    questions.map((row) => ({ text: row.text, coarse_label: row.label })),
  );
}
