import type { AskedExample } from "../engine/api.ts";

/** Which text of a batch is in front of a person, and what undo goes back to. Answers are the engine's; order is the person's. */
export class Queue {
  /** Ids that were skipped, in order: they come again at the end. */
  #skipped: string[] = [];
  /** Ids in the order in which they were answered here. */
  #answered: string[] = [];
  /** One that is looked at again. */
  #again: string | undefined;

  /** The next text without an answer, or one that undo went back to; undefined where all have answers. */
  current(examples: readonly AskedExample[]): AskedExample | undefined {
    const again = examples.find(({ id }) => id === this.#again);
    if (again) return again;
    const left = examples.filter(({ answer }) => answer === undefined);
    const skipped = (id: string) => this.#skipped.lastIndexOf(id);
    return [...left].sort((a, b) => skipped(a.id) - skipped(b.id))[0];
  }

  answered(id: string): void {
    this.#again = undefined;
    this.#answered = [...this.#answered.filter((each) => each !== id), id];
  }

  skip(id: string): void {
    this.#again = undefined;
    this.#skipped.push(id);
  }

  canUndo(examples: readonly AskedExample[]): boolean {
    return this.#lastOf(examples) !== undefined;
  }

  /** Goes back to the text that was answered last. Its answer stands until another is given. */
  undo(examples: readonly AskedExample[]): void {
    const last = this.#lastOf(examples);
    if (last === undefined) return;
    this.#answered = this.#answered.filter((id) => id !== last);
    this.#again = last;
  }

  /** After a reload nobody knows the order any more: then it is the batch's. */
  #lastOf(examples: readonly AskedExample[]): string | undefined {
    const ids = new Set(examples.map(({ id }) => id));
    const here = this.#answered.filter((id) => ids.has(id)).at(-1);
    if (here !== undefined) return here;
    return examples.filter(({ id, answer }) => answer !== undefined && id !== this.#again).at(-1)?.id;
  }
}
