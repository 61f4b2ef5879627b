import { InputError } from "../../errors.ts";
import type { Files } from "../../host.ts";
import { chooseParts, type PartsWanted } from "./choose_parts.ts";
import type { FoundParts } from "./on_hub.ts";
import { partFiles } from "./part_files.ts";
import type { FoundPart } from "./read_parts.ts";

/** Files of a data set as it was published, by names that say nothing to who does not know it. */
export interface Layout {
  readonly train: string;
  readonly test: string;
  /** A reader's name. */
  readonly format: string;
}

/** Folders within folders that are looked into. */
const MOST_DEPTH = 2;

/**
 * The parts of a data set in a folder of the user's: in one of the layouts, else by names that say what they are.
 *
 * @param name what messages call the data set
 * @throws InputError where the folder holds no such parts
 */
export async function partsInFolder(
  files: Files,
  folder: string,
  wanted: PartsWanted,
  name: string,
  layouts: readonly Layout[] = [],
  usualSubset?: string,
): Promise<FoundParts> {
  const root = folder.replace(/(?<=.)\/+$/, "");
  const nameOf = (path: string) => `${root}/${path}`;
  const paths = await pathsBelow(files, root, "", 0);
  if (paths.length === 0) throw new InputError(`data.path: there are no files in ${folder}`);
  const part = (own: readonly string[], format?: string): FoundPart => ({
    files,
    paths: own.map(nameOf),
    nameOf: (path) => path,
    ...(format === undefined ? {} : { format }),
  });
  const isChosen = Object.values({ ...wanted }).some((each) => each !== undefined);
  for (const { train, test, format } of isChosen ? [] : layouts) {
    const [own, held] = [train, test].map((file) => [file, `${file}.gz`].find((each) => paths.includes(each)));
    if (own !== undefined && held !== undefined) {
      return { train: part([own], format), test: part([held], format), notices: [] };
    }
  }
  const found = partFiles(paths);
  if (found.length === 0) {
    const known = [...layouts.map(({ train, test }) => `${train} and ${test}`), "train.jsonl and test.jsonl"];
    throw new InputError(
      `data.path: ${folder} does not hold '${name}' as ${known.join(", or ")} (or .json, .csv, .tsv, .parquet)\n` +
        `It holds: ${paths.slice(0, 8).join(", ")}${paths.length > 8 ? ", ..." : ""}`,
    );
  }
  const chosen = chooseParts(found, wanted, name, usualSubset);
  return { train: part(chosen.train), test: part(chosen.test), notices: chosen.notices };
}

async function pathsBelow(files: Files, root: string, folder: string, depth: number): Promise<string[]> {
  const names = await files.list(folder === "" ? root : `${root}/${folder}`);
  const found: string[] = [];
  for (const name of names) {
    const path = folder === "" ? name : `${folder}/${name}`;
    const isDeep = name.startsWith(".") || depth === MOST_DEPTH;
    // What cannot be listed, or lists nothing, is a file, or an empty folder, which holds no part either.
    const below = isDeep ? [] : await pathsBelow(files, root, path, depth + 1).catch(() => []);
    found.push(...(below.length > 0 ? below : [path]));
  }
  return found;
}
