/** What a command is given of the terminal, so that tests give it another. */
export interface Io {
  /** Writes to stdout: the command's product, and nothing else. */
  out(text: string): void;
  /** Writes to stderr: progress, notices, errors. */
  err(text: string): void;
  /** Whether stderr is a terminal; elsewhere progress is plain lines. */
  readonly terminal: boolean;
  /** Width of the terminal in characters. */
  readonly columns: number;
  /** Fires at the first Ctrl-C. The command ends by itself at the next safe point. */
  readonly signal: AbortSignal;
  /** The folder that relative paths on the command line start from. */
  readonly cwd: string;
}

/** One subcommand of `pupil`. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** First line: `pupil NAME ARGUMENTS [FLAGS]`. Lines below it say what each argument and flag does. */
  readonly usage: string;
  /** Gives the exit code. Throws InputError (2), Failure (1) or Interrupted (130). */
  run(args: readonly string[], io: Io): Promise<number>;
}
