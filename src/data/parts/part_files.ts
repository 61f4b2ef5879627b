import { readers } from "../readers.ts";

/** A file that holds a split of a data set, or a part of one. */
export interface PartFile {
  readonly path: string;
  /** A reader's name. */
  readonly format: string;
  readonly subset: string;
  readonly split: string;
  /** Its place among the files of the split. */
  readonly shard: number;
}

/** The subset of files that are in none. */
export const DEFAULT_SUBSET = "default";

const KEYWORD = /(?:^|[-._ ])(train|training|test|testing|dev|val|valid|validation|eval|evaluation)(?:[-._ ]|$)/i;
const KEYWORDS: Readonly<Record<string, string>> = {
  training: "train",
  testing: "test",
  ...Object.fromEntries(["dev", "val", "valid", "eval", "evaluation"].map((name) => [name, "validation"])),
};

/**
 * The data files among the paths of a repository or a folder, by the ways in which people lay them out:
 *
 * - `train.parquet`, `data/train.csv`, `SUBSET/test.jsonl`, `train_v1.jsonl`
 * - `data/train-00000-of-00002.parquet`, `SUBSET/train-00000-of-00002-0123456789abcdef.parquet`
 * - `SUBSET/train/0000.parquet`, as the hub's own conversion has it
 */
export function partFiles(paths: readonly string[]): PartFile[] {
  return paths.flatMap((path) => {
    const found = /^(.+)\.([^./]+)$/.exec(path.replace(/\.gz$/i, ""));
    const format = found?.[2]?.toLowerCase() ?? "";
    if (!found || !readers.find(format) || /(^|\/)\./.test(path)) return [];
    const folders = found[1]!.split("/");
    const name = folders.pop()!;
    const sharded = /^(.+?)-(\d+)-of-\d+(-[0-9a-f]+)?$/.exec(name);
    const isPart = /^(?:part[-_.])?\d+$/.test(name) && folders.length > 0;
    const split = sharded ? sharded[1]! : isPart ? folders.pop()! : name;
    // A table under any name is a split of that name; of other files, which may be anything, only those that say so.
    if (!sharded && format !== "parquet" && keywordIn(split) === undefined) return [];
    if (folders[0] === "data") folders.shift();
    const shard = Number(sharded?.[2] ?? (isPart ? /\d+$/.exec(name)![0] : 0));
    return [{ path, format, subset: folders.join("/") || DEFAULT_SUBSET, split, shard }];
  });
}

/** What a split is called elsewhere: `train`, `validation` or `test`, where its name says so. */
export function keywordIn(split: string): string | undefined {
  const word = KEYWORD.exec(split)?.[1]?.toLowerCase();
  return word === undefined ? undefined : KEYWORDS[word] ?? word;
}
