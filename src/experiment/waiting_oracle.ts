import type { Label, Oracle } from "./oracle.ts";

/**
 * An oracle that may take time, for a run among others. It tells while it is being waited for, and when that ends it lets the run go on
 * only once it is that run's turn: what is learned from the answers must not be learned while another run is at work.
 */
export class WaitingOracle implements Oracle {
  /** From the first question of a batch until the run is let go on. */
  waits = false;
  /** Whether all answers are there, and only the turn is waited for. */
  answered = false;
  #changed: (() => void)[] = [];
  #goOn = () => {};

  constructor(readonly oracle: Oracle) {}

  /** Resolves when it begins to wait, or has all the answers. */
  changes(): Promise<void> {
    return new Promise((resolve) => this.#changed.push(resolve));
  }

  /** It is the run's turn. */
  goOn(): void {
    this.#goOn();
  }

  async *label(...request: Parameters<Oracle["label"]>): AsyncGenerator<Label> {
    const [, { signal }] = request;
    this.waits = true;
    this.#tell();
    try {
      yield* this.oracle.label(...request);
      if (!signal?.aborted) await this.#turn(signal);
    } finally {
      this.waits = false;
      this.answered = false;
    }
  }

  async #turn(signal: AbortSignal | undefined): Promise<void> {
    const turn = new Promise<void>((resolve) => {
      this.#goOn = resolve;
      signal?.addEventListener("abort", () => resolve(), { once: true });
    });
    this.answered = true;
    this.#tell();
    await turn;
  }

  #tell(): void {
    this.#changed.splice(0).forEach((resolve) => resolve());
  }
}
