/** What a reader makes of a file: rows of named cells, each with the line on which it starts. */
export interface Table {
  /** How a person finds the file, for messages. */
  readonly file: string;
  /** Names of the columns, in the order in which they first appear. */
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

export interface Row {
  /** Counted from 1; a row over several lines is named by its first. */
  readonly line: number;
  /** JSON values, or strings where the format knows nothing else. A cell may be missing. */
  readonly cells: ReadonlyMap<string, unknown>;
}

/** Reads one file format. Readers know nothing of texts and labels: they find rows, columns and line numbers. */
export interface Reader {
  /** The file name's extension, without the dot. */
  readonly name: string;
  /** @throws InputError with file and line where the text is not of this format */
  read(text: string, file: string): Table | Promise<Table>;
}

/** A file as a host hands it over: its name says the format, and how a person finds it. */
export interface SourceFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}
