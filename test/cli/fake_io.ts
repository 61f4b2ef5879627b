import type { Io } from "../../cli/command.ts";

/** A terminal that keeps what is written to it. */
export class FakeIo implements Io {
  stdout = "";
  stderr = "";
  readonly #stopping = new AbortController();

  constructor(readonly terminal = false, readonly cwd = "/nowhere", readonly columns = 80) {}

  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  out(text: string): void {
    this.stdout += text;
  }

  err(text: string): void {
    this.stderr += text;
  }

  /** What the first Ctrl-C does. */
  interrupt(): void {
    this.#stopping.abort();
  }
}
