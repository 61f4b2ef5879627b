import type { SourceFile } from "../../src/data/table.ts";
import { InputError } from "../../src/errors.ts";

const asText = "Save the table as CSV (UTF-8) there, and choose that file";

/** How files begin that people take for tables of text, whatever they are called. */
const beginnings: readonly (readonly [bytes: readonly number[], what: string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], "a spreadsheet or another zip file"],
  [[0xd0, 0xcf, 0x11, 0xe0], "a spreadsheet or a document of an old office program"],
  [[0x25, 0x50, 0x44, 0x46], "a PDF document"],
  [[0x50, 0x41, 0x52, 0x31], "a Parquet file"],
  [[0xff, 0xfe], "in UTF-16"],
  [[0xfe, 0xff], "in UTF-16"],
];

/** @throws InputError where the bytes are those of a spreadsheet, a document or a text in UTF-16, with what to do */
export function refuseOtherFormats({ name, bytes }: SourceFile): void {
  const known = beginnings.find(([beginning]) => beginning.every((byte, index) => bytes[index] === byte));
  if (known) throw new InputError(`${name}: it is ${known[1]}, not a table of text in UTF-8. ${asText}`);
}
