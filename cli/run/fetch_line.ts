import type { FetchProgress } from "../../src/hub/snapshot.ts";
import type { Io } from "../command.ts";
import { duration } from "./duration.ts";
import { megabytes } from "./megabytes.ts";
import { StatusLine } from "./status_line.ts";

/** Tells a person how far a fetch is. */
export class FetchLine {
  readonly #terminal: StatusLine;
  #began: { readonly at: number; readonly bytes: number } | undefined;

  constructor(io: Io, readonly now: () => number) {
    this.#terminal = new StatusLine(io);
  }

  see({ repository, bytes, total }: FetchProgress): void {
    if (!this.#began) this.#terminal.line(`fetching ${repository}: ${megabytes(total)}, once`);
    this.#began ??= { at: this.now(), bytes };
    const come = bytes - this.#began.bytes;
    const left = come > 0 ? (this.now() - this.#began.at) / come * (total - bytes) : undefined;
    this.#terminal.status(
      `${repository}  ${megabytes(bytes)} of ${megabytes(total)}${
        left === undefined ? "" : `  ${duration(left)} left`
      }`,
    );
  }

  /** What the fetch waits for; it may be long, and is said without a terminal too. */
  wait(why: string): void {
    this.#terminal.line(why);
  }

  /** Takes the last status off the terminal. */
  end(): void {
    this.#terminal.clear();
  }
}
