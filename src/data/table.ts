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
  /** Where the table is of several files, the one that it stands in. */
  readonly file?: string;
  /** JSON values, or strings where the format knows nothing else. A cell may be missing. */
  readonly cells: ReadonlyMap<string, unknown>;
}

/** Reads one file format. Readers know nothing of texts and labels: they find rows, columns and line numbers. */
export type Reader = TextReader | BytesReader;

interface Named {
  /** The file name's extension, without the dot. */
  readonly name: string;
}

/** A format that is text in UTF-8. */
export interface TextReader extends Named {
  /** @throws InputError with file and line where the text is not of this format */
  read(text: string, file: string): Table | Promise<Table>;
}

/** Any other. */
export interface BytesReader extends Named {
  /**
   * @param wanted columns whose cells are wanted, where they are there; without it all are
   * @throws InputError with the file where the bytes are not of this format
   */
  readBytes(bytes: Uint8Array, file: string, wanted?: readonly string[]): Table | Promise<Table>;
}

/** A file as a host hands it over: its name says the format, and how a person finds it. */
export interface SourceFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}
