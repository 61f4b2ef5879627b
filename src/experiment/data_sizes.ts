import type { ExperimentConfig } from "../config/schema.ts";
import type { DataPlaces } from "../data/data_source.ts";
import type { DataSet, TaggedExample } from "../data/example.ts";
import { entityTypes } from "../data/tagged_examples.ts";
import { loadData } from "./load_data.ts";
import { loadSummarised, loadTagged } from "./load_examples.ts";

/** How much there is of a data set. */
export interface DataSizes {
  readonly name: string;
  readonly train: PartSize;
  readonly test: PartSize;
  /** The classes of a classification, the types of entities of a tagging; empty where there are neither. */
  readonly classes: readonly string[];
  readonly notices: readonly string[];
}

export interface PartSize {
  readonly examples: number;
  /** Of a tagging, whose budgets may count them. */
  readonly tokens?: number;
  /** Of a tagging. */
  readonly entities?: number;
}

/** The sizes of the data of an experiment, whether or not its task is there yet. @throws InputError on anything wrong in the data */
export async function dataSizes(
  { task, data }: Pick<ExperimentConfig, "task" | "data">,
  places: DataPlaces,
): Promise<DataSizes> {
  if (task === "tagging") {
    const { name, train, test, notices } = await loadTagged(data, places);
    return {
      name,
      train: taggedSize(train),
      test: taggedSize(test),
      classes: entityTypes([...train, ...test]),
      notices,
    };
  }
  if (task === "seq2seq") {
    const { name, train, test, notices } = await loadSummarised(data, places);
    return { name, train: { examples: train.length }, test: { examples: test.length }, classes: [], notices };
  }
  return sizesOf(await loadData(data, places));
}

/** Those of a data set that is there. */
export function sizesOf({ name, train, test, labels, notices = [] }: DataSet): DataSizes {
  return { name, train: { examples: train.length }, test: { examples: test.length }, classes: labels, notices };
}

function taggedSize(examples: readonly TaggedExample[]): PartSize {
  const tags = examples.flatMap((example) => example.tags);
  return {
    examples: examples.length,
    tokens: tags.length,
    entities: tags.filter((tag) => tag.startsWith("B-")).length,
  };
}
