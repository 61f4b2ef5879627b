import { InputError } from "../../errors.ts";
import type { Row, Table, TextReader } from "../table.ts";

/**
 * Columns of CoNLL: a token a line, its tag in the last column, a blank line after each sentence. Columns of the table: `tokens`, `tags`.
 * Lines that begin a document or are a comment are no tokens.
 */
export const conll = { name: "conll", read: readConll } satisfies TextReader;
/** The same format under its other usual names. */
export const iob = { name: "iob", read: readConll } satisfies TextReader;
export const bio = { name: "bio", read: readConll } satisfies TextReader;

interface Sentence {
  readonly line: number;
  readonly tokens: string[];
  readonly tags: string[];
}

function readConll(text: string, file: string): Table {
  const sentences: Sentence[] = [];
  let sentence: Sentence | undefined;
  for (const [index, source] of text.split(/\r?\n/).entries()) {
    const cells = cellsOf(source);
    if (cells.length === 0 || cells[0] === "-DOCSTART-") {
      sentence = undefined;
      continue;
    }
    if (sentence === undefined && /^#\s/.test(source) && !isTag(cells.at(-1)!)) continue;
    if (cells.length < 2) {
      throw new InputError(`${file}:${index + 1}: one column. Expected a token and, in the last column, its tag`);
    }
    if (!isTag(cells.at(-1)!)) {
      throw new InputError(`${file}:${index + 1}: '${cells.at(-1)}' is no tag. Expected O, B-TYPE or I-TYPE`);
    }
    if (sentence === undefined) sentences.push(sentence = { line: index + 1, tokens: [], tags: [] });
    sentence.tokens.push(cells[0]!);
    sentence.tags.push(cells.at(-1)!);
  }
  const rows = sentences.map(({ line, tokens, tags }): Row => ({
    line,
    cells: new Map<string, unknown>([["tokens", tokens], ["tags", asIob2(tags)]]),
  }));
  return { file, columns: ["tokens", "tags"], rows };
}

/** Between tabs a token may hold a blank. */
function cellsOf(line: string): string[] {
  if (line.trim() === "") return [];
  return line.includes("\t") ? line.split("\t").map((cell) => cell.trim()) : line.trim().split(/ +/);
}

function isTag(tag: string): boolean {
  return /^(O|[BI]-.+)$/.test(tag);
}

/** IOB1, as CoNLL-2003 was published, has B only between entities of one type; IOB2 has it at the start of each. IOB2 stays as it is. */
function asIob2(tags: readonly string[]): string[] {
  return tags.map((tag, index) => {
    const before = tags[index - 1] ?? "O";
    return tag.startsWith("I-") && before.slice(2) !== tag.slice(2) ? `B-${tag.slice(2)}` : tag;
  });
}
