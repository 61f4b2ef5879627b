import type { Hub } from "./hub.ts";
import type { Repository } from "./repository.ts";
import type { Choose, Snapshot } from "./snapshot.ts";

/**
 * A hub on which nothing changes: a revision is taken at the commit that it is known to have had, else at the one that it has now, which
 * is known from then on.
 */
export class PinnedHub implements Hub {
  readonly #commits: Map<string, string>;
  /** Of what was asked for. */
  readonly #asked = new Set<string>();

  /** @param known commits, by repository and revision, as {@link commits} gives them */
  constructor(readonly hub: Hub, known: Readonly<Record<string, string>> = {}) {
    this.#commits = new Map(Object.entries(known));
  }

  async snapshot(repository: Repository, choose: Choose): Promise<Snapshot> {
    const name = nameOf(repository);
    const revision = this.#commits.get(name) ?? repository.revision;
    const found = await this.hub.snapshot({ ...repository, revision }, choose);
    this.#commits.set(name, found.commit);
    this.#asked.add(name);
    return found;
  }

  /** The commit of each revision that was asked for: `bert-base-cased@main`, `datasets/owner/name@refs/convert/parquet`. */
  commits(): Record<string, string> {
    return Object.fromEntries([...this.#asked].sort().map((name) => [name, this.#commits.get(name)!]));
  }
}

function nameOf({ kind, id, revision }: Repository): string {
  return `${kind === "models" ? "" : "datasets/"}${id}@${revision}`;
}
