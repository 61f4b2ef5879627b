/** Lets work through, holds it, or lets it through up to a point. */
export class Gate {
  #until: number;
  #waiting: (() => void)[] = [];

  constructor(open: boolean) {
    this.#until = open ? Infinity : -Infinity;
  }

  /** Whether work that has come as far as `at` may go on. */
  lets(at: number): boolean {
    return at < this.#until;
  }

  open(until = Infinity): void {
    this.#until = until;
    this.#look();
  }

  close(): void {
    this.#until = -Infinity;
  }

  /** Resolves when work that has come as far as `at` may go on, or has to end. */
  async pass(at: () => number, signal: AbortSignal): Promise<void> {
    const ends = () => this.#look();
    signal.addEventListener("abort", ends);
    try {
      while (!signal.aborted && !this.lets(at())) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } finally {
      signal.removeEventListener("abort", ends);
    }
  }

  #look(): void {
    this.#waiting.splice(0).forEach((resolve) => resolve());
  }
}
