import { InputError } from "../../errors.ts";
import type { BytesReader, Row, Table } from "../table.ts";
import { decodeUtf8 } from "../utf8.ts";

/**
 * The questions of TREC as they were published: a line is `COARSE:fine` and, after a blank, the question. Columns: `text`, `label` (the
 * coarse class), `fine` (both).
 */
export const label = { name: "label", readBytes: readLabel } satisfies BytesReader;

/**
 * One question has the byte 0xF0 between two of its words. The copies of the hub have a blank there, and ids may be made from texts, so it
 * is one here too.
 */
const STRAY = /\u00f0/g;

function readLabel(bytes: Uint8Array, file: string): Table {
  const rows: Row[] = [];
  for (const [index, line] of decode(bytes, file).split(/\r?\n/).entries()) {
    if (line.trim() === "") continue;
    const found = /^\s*(([^\s:]+):[^\s:]+)\s+(\S.*?)\s*$/.exec(line);
    if (!found) {
      throw new InputError(
        `${file}:${
          index + 1
        }: expected a class and a question, such as 'NUM:dist How far is it from Denver to Aspen ?'`,
      );
    }
    const [, fine, coarse, text] = found;
    rows.push({ line: index + 1, cells: new Map([["text", text], ["label", coarse], ["fine", fine]]) });
  }
  return { file, columns: ["text", "label", "fine"], rows };
}

/** UTF-8, or else the ISO-8859-1 of the first publication, which any bytes are. */
function decode(bytes: Uint8Array, file: string): string {
  let text: string;
  try {
    text = decodeUtf8(bytes, file);
  } catch {
    text = new TextDecoder("windows-1252").decode(bytes);
  }
  return text.replace(STRAY, " ");
}
