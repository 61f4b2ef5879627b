import { parse } from "csv-parse/sync";
import { InputError, messageOf } from "../../errors.ts";
import type { Reader, Row, Table } from "../table.ts";

/** Comma-separated values with a header line, quoted as RFC 4180 says. A quote inside an unquoted cell is an ordinary character. */
export const csv = {
  name: "csv",
  read: (text: string, file: string) => readDelimited(text, file, ","),
} satisfies Reader;

/** Tab-separated values with a header line; quotes as in CSV, which is how spreadsheets and data frames write them. */
export const tsv = {
  name: "tsv",
  read: (text: string, file: string) => readDelimited(text, file, "\t"),
} satisfies Reader;

function readDelimited(text: string, file: string, delimiter: string): Table {
  const [header, ...lines] = records(text, file, delimiter).filter(({ cells }) =>
    cells.some((cell) => cell.trim() !== "")
  );
  if (!header) return { file, columns: [], rows: [] };
  const columns = header.cells.map((name) => name.trim());
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) throw new InputError(`${file}:${header.line}: two columns are called '${twice}'`);
  return { file, columns, rows: lines.map((line) => rowOf(line, columns, file)) };
}

function rowOf({ line, cells }: Line, columns: readonly string[], file: string): Row {
  if (cells.length !== columns.length) {
    throw new InputError(
      `${file}:${line}: ${count(cells.length, "cell")}, but the header names ${count(columns.length, "column")}: ` +
        `${columns.join(", ")}\nA cell that holds the delimiter must stand in double quotes`,
    );
  }
  return { line, cells: new Map(columns.map((column, index) => [column, cells[index]])) };
}

interface Line {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Whatever the file's line endings are, those inside cells become a line feed. */
function records(text: string, file: string, delimiter: string): Line[] {
  const source = text.replace(/\r\n?/g, "\n");
  const lines: Line[] = [];
  // The parser counts the line on which a record ends; the next one starts on the line after, or after the blank lines.
  let ended = 0;
  let blank = 0;
  try {
    parse(source, {
      delimiter,
      record_delimiter: "\n",
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      on_record(cells: string[], info) {
        lines.push({ line: ended + 1 + info.empty_lines - blank, cells });
        ended = info.lines;
        blank = info.empty_lines;
      },
    });
  } catch (thrown) {
    const isOpen = thrown instanceof Error && "code" in thrown && thrown.code === "CSV_QUOTE_NOT_CLOSED";
    const rest = source.split("\n").slice(ended);
    const line = ended + 1 + Math.max(0, rest.findIndex((each) => each !== ""));
    throw new InputError(
      `${file}:${line}: ${isOpen ? "a cell opens with a double quote that nothing closes" : messageOf(thrown)}`,
    );
  }
  return lines;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
