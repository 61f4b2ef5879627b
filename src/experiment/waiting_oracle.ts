import type { Label, Oracle } from "./oracle.ts";

/** An oracle that tells whether it is being waited for. */
export class WaitingOracle implements Oracle {
  waits = false;
  #begun: (() => void)[] = [];

  constructor(readonly oracle: Oracle) {}

  /** Resolves when the next answer is asked for. */
  beginsToWait(): Promise<void> {
    return new Promise((resolve) => this.#begun.push(resolve));
  }

  async *label(...request: Parameters<Oracle["label"]>): AsyncGenerator<Label> {
    const answers = this.oracle.label(...request)[Symbol.asyncIterator]();
    try {
      while (true) {
        const answer = await this.#waitFor(answers.next());
        if (answer.done) return;
        yield answer.value;
      }
    } finally {
      await answers.return?.();
    }
  }

  async #waitFor<T>(answer: Promise<T>): Promise<T> {
    this.waits = true;
    this.#begun.splice(0).forEach((resolve) => resolve());
    try {
      return await answer;
    } finally {
      this.waits = false;
    }
  }
}
