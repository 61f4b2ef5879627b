import { Interrupted } from "../../src/errors.ts";
import type { Label, Oracle } from "../../src/experiment/oracle.ts";
import type { Clock } from "../../src/host.ts";

/** What the journal says of who labelled. */
export const PERSON = "person";

/**
 * A person at the page. Each answer is recorded as it is given, and may be corrected until {@link finish}: a batch ends when the person
 * says so, and every example of it has an answer.
 */
export class PersonOracle implements Oracle {
  #answers: Label[] = [];
  #finished = false;
  #wake = () => {};

  /** @param ended told of the end of a batch, before what comes of it */
  constructor(readonly clock: Clock, readonly ended: () => void) {}

  /** @param label null where the person cannot tell */
  answer(id: string, label: string | null): void {
    this.#answers.push({ id, label, by: PERSON, at: this.clock.date() });
    this.#wake();
  }

  /** No correction follows; what is labelled is learned from. */
  finish(): void {
    this.#finished = true;
    this.#wake();
  }

  async *label(...[examples, { signal }]: Parameters<Oracle["label"]>): AsyncGenerator<Label> {
    const asked = new Set(examples.map(({ id }) => id));
    const waiting = new Set(asked);
    // Who is quick has answered by now; what came too late for the batch before is dropped.
    this.#answers = this.#answers.filter(({ id }) => asked.has(id));
    this.#finished = false;
    const stop = () => this.#wake();
    signal?.addEventListener("abort", stop, { once: true });
    try {
      while (!(this.#finished && waiting.size === 0 && this.#answers.length === 0)) {
        if (signal?.aborted) throw new Interrupted();
        const answer = this.#answers.shift();
        if (answer) {
          waiting.delete(answer.id);
          yield answer;
        } else {
          this.#finished = false;
          await new Promise<void>((resolve) => this.#wake = resolve);
        }
      }
      this.ended();
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }
}
