import { closest, distance } from "fastest-levenshtein";
import { InputError } from "./errors.ts";

/**
 * Things that are found by name: strategies, models, data sets, tasks, step rules, commands.
 *
 * Each registry is one list of imports in one file; adding an entry is one file and one line in that list.
 */
export class Registry<T extends { readonly name: string }> {
  readonly #entries: ReadonlyMap<string, T>;

  /**
   * `kind` is the word that error messages use, such as "strategy". `planned` are names that are known but not there yet: who
   * writes one is told so, in place of being taken to have misspelt another.
   */
  constructor(readonly kind: string, entries: readonly T[], readonly planned: readonly string[] = []) {
    this.#entries = new Map(entries.map((entry) => [entry.name, entry]));
    if (this.#entries.size !== entries.length) throw new Error(`two entries of the ${kind} registry share a name`);
  }

  names(): string[] {
    return [...this.#entries.keys()];
  }

  entries(): T[] {
    return [...this.#entries.values()];
  }

  find(name: string): T | undefined {
    return this.#entries.get(name);
  }

  /** @throws InputError naming the nearest entry; `where` says where the name was read, such as a config key */
  get(name: string, where?: string): T {
    const entry = this.#entries.get(name);
    if (entry) return entry;
    const place = where ? `${where}: ` : "";
    if (this.planned.includes(name)) throw new InputError(`${place}${this.kind} '${name}' is not there yet`);
    throw new InputError(`${place}unknown ${this.kind} '${name}'. ${suggest(name, this.names())}`);
  }
}

/** "Did you mean X?" where a candidate is close to what was written, else the list of what there is. */
export function suggest(written: string, candidates: readonly string[]): string {
  const near = nearest(written, candidates);
  return near === undefined ? `There are: ${candidates.join(", ")}` : `Did you mean ${near}?`;
}

/** The candidate within a third of its length in edits, ignoring case; undefined where none is. */
export function nearest(written: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const near = closest(written.toLowerCase(), candidates.map((candidate) => candidate.toLowerCase()));
  const candidate = candidates.find((each) => each.toLowerCase() === near)!;
  return distance(written.toLowerCase(), near) <= Math.max(2, near.length / 3) ? candidate : undefined;
}
