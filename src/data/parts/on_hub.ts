import { InputError } from "../../errors.ts";
import type { Hub } from "../../hub/hub.ts";
import { repository } from "../../hub/repository.ts";
import { chooseParts, type ChosenParts, type PartsWanted } from "./choose_parts.ts";
import { partFiles } from "./part_files.ts";
import type { FoundPart } from "./read_parts.ts";

export interface FoundParts {
  readonly train: FoundPart;
  readonly test: FoundPart;
  readonly notices: readonly string[];
}

/** Where the hub keeps its own conversion of a data set, above all of one that is a program. */
const CONVERTED = "refs/convert/parquet";

/** The formats that it has besides Parquet, the best first. */
const TEXTS = ["jsonl", "ndjson", "json", "csv", "tsv", "conll", "iob", "bio"];

/**
 * The parts of a data set on the hub, fetched: its Parquet files, else those that the hub converted, else its files in other formats. A
 * revision that was chosen has what it has, and nothing of the conversion, which is of another.
 *
 * @param id the repository
 * @throws InputError where the hub has no such parts, Failure where they cannot be fetched
 */
export async function partsOnHub(
  hub: Hub,
  id: string,
  wanted: PartsWanted & { readonly revision?: string | undefined },
  usualSubset?: string,
): Promise<FoundParts> {
  const main = new Source(hub, id, wanted.revision, wanted, usualSubset);
  const own = await main.find(["parquet"]);
  if (own) return own;
  let why = "";
  if (wanted.revision === undefined) {
    const converted = new Source(hub, id, CONVERTED, wanted, usualSubset);
    try {
      const found = await converted.find(["parquet"]);
      if (found) return found;
    } catch (thrown) {
      // There may be no conversion. What there is and does not suit is the person's business.
      if (!(thrown instanceof InputError) || converted.paths !== undefined) throw thrown;
      why = `\n${thrown.message}`;
    }
  }
  const texts = await main.find(TEXTS);
  if (texts) return texts;
  const paths = main.paths ?? [];
  const some = paths.slice(0, 8).join(", ") + (paths.length > 8 ? ", ..." : "");
  throw new InputError(`'${id}' on the hub has no Parquet, CSV or JSON files of its splits. It has: ${some}${why}`);
}

/** A revision of a repository. */
class Source {
  /** All that it has, once that is known. */
  paths: readonly string[] | undefined;

  constructor(
    readonly hub: Hub,
    readonly id: string,
    readonly revision: string | undefined,
    readonly wanted: PartsWanted,
    readonly usualSubset: string | undefined,
  ) {}

  /** The parts in the first of these formats that there is; undefined where there is none, and nothing is fetched then. */
  async find(formats: readonly string[]): Promise<FoundParts | undefined> {
    const { hub, id, revision, wanted, usualSubset } = this;
    let chosen: ChosenParts | undefined;
    const { files, notices } = await hub.snapshot(repository("datasets", id, revision), (paths) => {
      this.paths = paths;
      const parts = partFiles(paths);
      const format = formats.find((each) => parts.some((part) => part.format === each));
      if (format === undefined) return [];
      chosen = chooseParts(parts.filter((part) => part.format === format), wanted, id, usualSubset);
      return [...chosen.train, ...chosen.test];
    });
    if (chosen === undefined) return undefined;
    const part = (paths: readonly string[]): FoundPart => ({ files, paths, nameOf: (path) => `${id}/${path}` });
    return { train: part(chosen.train), test: part(chosen.test), notices: [...notices, ...chosen.notices] };
  }
}
