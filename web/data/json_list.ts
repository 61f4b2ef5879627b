import { jsonl } from "../../src/data/readers/jsonl.ts";
import type { Table } from "../../src/data/table.ts";
import { InputError, messageOf } from "../../src/errors.ts";

/**
 * The table in a `.json` file: a list of objects, or JSON Lines under another name. A row's line is its place in the list.
 *
 * @throws InputError where it is neither
 */
export function readJson(text: string, file: string): Table {
  if (!text.trimStart().startsWith("[")) return jsonl.read(text, file);
  let list: readonly unknown[];
  try {
    list = JSON.parse(text);
  } catch (thrown) {
    throw new InputError(`${file}: not JSON: ${messageOf(thrown)}`);
  }
  return jsonl.read(list.map((row) => JSON.stringify(row)).join("\n"), file);
}
