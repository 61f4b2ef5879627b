import { InputError } from "../../errors.ts";
import { suggest } from "../../registry.ts";
import { DEFAULT_SUBSET, keywordIn, type PartFile } from "./part_files.ts";

/** What a config says of the parts of a data set that it wants. */
export interface PartsWanted {
  readonly subset?: string | undefined;
  readonly train_split?: string | undefined;
  readonly test_split?: string | undefined;
}

export interface ChosenParts {
  /** In order. */
  readonly train: readonly string[];
  readonly test: readonly string[];
  readonly notices: readonly string[];
}

/**
 * The files of the training and the test part.
 *
 * @param files at least one
 * @param name what messages call the data set
 * @param usualSubset taken where the config says nothing
 * @throws InputError where it is not clear which subset is meant, or a split is not there, with those that there are
 */
export function chooseParts(
  files: readonly PartFile[],
  wanted: PartsWanted,
  name: string,
  usualSubset?: string,
): ChosenParts {
  const subset = subsetOf(new Set(files.map((file) => file.subset)), wanted.subset, name, usualSubset);
  const inSubset = files.filter((file) => file.subset === subset);
  const splits = [...new Set(inSubset.map(({ split }) => split))];
  const find = (given: string | undefined, usual: readonly string[], key: string) => {
    for (const split of given === undefined ? usual : [given]) {
      const found = splitCalled(split, splits, name, key);
      if (found !== undefined) return found;
    }
    const lacking = (given === undefined ? usual : [given]).map((split) => `'${split}'`).join(" or ");
    throw new InputError(
      `'${name}' has no split ${lacking}. There are: ${splits.join(", ")}. Choose one with ${key}=SPLIT`,
    );
  };
  const train = find(wanted.train_split, ["train"], "data.train_split");
  const test = find(wanted.test_split, ["test", "validation"], "data.test_split");
  if (train === test) {
    throw new InputError(`data.test_split: '${name}' would be tested on '${train}', which it learns from`);
  }
  const isOther = wanted.test_split === undefined && keywordIn(test) !== "test";
  return {
    train: pathsOf(inSubset, train),
    test: pathsOf(inSubset, test),
    notices: isOther ? [`'${name}' has no split 'test': '${test}' is tested on`] : [],
  };
}

function subsetOf(subsets: ReadonlySet<string>, given: string | undefined, name: string, usual?: string): string {
  const known = [...subsets].sort();
  if (given !== undefined) {
    if (subsets.has(given)) return given;
    throw new InputError(`data.subset: '${name}' has no subset '${given}'. ${suggest(given, known)}`);
  }
  const found = [usual, DEFAULT_SUBSET].find((each) => each !== undefined && subsets.has(each));
  if (found !== undefined) return found;
  if (known.length === 1) return known[0]!;
  throw new InputError(
    `'${name}' has several subsets. Choose one with data.subset=NAME. There are: ${known.join(", ")}`,
  );
}

/** The split of that name, else the only one whose name means the same, as `val` means `validation`. */
function splitCalled(wanted: string, splits: readonly string[], name: string, key: string): string | undefined {
  if (splits.includes(wanted)) return wanted;
  const alike = splits.filter((split) => keywordIn(split) !== undefined && keywordIn(split) === keywordIn(wanted));
  if (alike.length < 2) return alike[0];
  throw new InputError(
    `'${name}' has several splits for '${wanted}': ${alike.join(", ")}. Choose one with ${key}=SPLIT`,
  );
}

/** Of one format, in order: a split may be there in several. */
function pathsOf(files: readonly PartFile[], split: string): string[] {
  const own = files.filter((file) => file.split === split);
  return own.filter(({ format }) => format === own[0]!.format)
    .sort((a, b) => a.shard - b.shard || (a.path < b.path ? -1 : 1))
    .map(({ path }) => path);
}
