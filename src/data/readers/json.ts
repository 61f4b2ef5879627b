import { InputError, messageOf } from "../../errors.ts";
import type { Row, Table, TextReader } from "../table.ts";
import { jsonl } from "./jsonl.ts";

/** A list of JSON objects; or JSON Lines, which some call so too. */
export const json = { name: "json", read: readJson } satisfies TextReader;

function readJson(text: string, file: string): Table {
  if (!text.trimStart().startsWith("[")) return jsonl.read(text, file);
  let entries: readonly unknown[];
  try {
    entries = JSON.parse(text);
  } catch (thrown) {
    throw new InputError(`${file}: not JSON: ${messageOf(thrown)}`);
  }
  const lines = linesOf(text);
  const columns = new Set<string>();
  const rows = entries.map((entry, index): Row => {
    const line = lines[index]!;
    if (entry === null || typeof entry !== "object" || Array.isArray(entry)) {
      throw new InputError(`${file}:${line}: not a JSON object. Expected a list of them, such as [{"text": "..."}]`);
    }
    for (const column of Object.keys(entry)) columns.add(column);
    return { line, cells: new Map(Object.entries(entry)) };
  });
  return { file, columns: [...columns], rows };
}

/** The lines on which the entries of a list begin. */
function linesOf(list: string): number[] {
  const lines: number[] = [];
  let line = 1;
  let depth = 0;
  let isBefore = false;
  for (const [token] of list.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},\n]|[^\s"[\]{},]+/gs)) {
    if (token === "\n") {
      line++;
      continue;
    }
    if (depth === 1 && isBefore && token !== "]") {
      lines.push(line);
      isBefore = false;
    }
    if (token === "[" || token === "{") {
      depth++;
      if (depth === 1) isBefore = true;
    } else if (token === "]" || token === "}") depth--;
    else if (token === "," && depth === 1) isBefore = true;
  }
  return lines;
}
