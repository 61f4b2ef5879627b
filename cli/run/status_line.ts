import type { Io } from "../command.ts";

/** The last line of a terminal, rewritten as things go on; without a terminal, only the lines that stay are written. */
export class StatusLine {
  #length = 0;

  constructor(readonly io: Io) {}

  /** A line that stays, on stderr. */
  line(text: string): void {
    this.clear();
    this.io.err(`${text}\n`);
  }

  /** What is being done now; the next call takes its place. */
  status(text: string): void {
    if (!this.io.terminal) return;
    const cut = text.slice(0, this.io.columns - 1);
    this.io.err(`\r${cut.padEnd(this.#length)}`);
    this.#length = cut.length;
  }

  /** Takes the last status off the terminal, so that what follows begins on a line of its own. */
  clear(): void {
    if (this.#length > 0) this.io.err(`\r${" ".repeat(this.#length)}\r`);
    this.#length = 0;
  }
}
