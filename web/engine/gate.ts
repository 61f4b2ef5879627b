/** Lets work through, holds it, or lets it through up to a point. */
export class Gate {
  #until: number;
  #opened: (() => void)[] = [];

  constructor(open: boolean) {
    this.#until = open ? Infinity : -Infinity;
  }

  /** Whether work that has come as far as `at` may go on. */
  lets(at: number): boolean {
    return at < this.#until;
  }

  open(until = Infinity): void {
    this.#until = until;
    this.#opened.splice(0).forEach((resolve) => resolve());
  }

  close(): void {
    this.#until = -Infinity;
  }

  /** Resolves when work that has come as far as `at` may go on. */
  async pass(at: () => number): Promise<void> {
    while (!this.lets(at())) await new Promise<void>((resolve) => this.#opened.push(resolve));
  }
}
