import type { AlConfig, DataConfig, ExperimentConfig } from "../../src/config/schema.ts";
import type { DataSizes, PartSize } from "../../src/experiment/data_sizes.ts";
import { type Growth, growthOf, workOf } from "../../src/experiment/plan_size.ts";
import { canonicalJson } from "../../src/hash.ts";

/**
 * Lines that say how large a plan is: its data, what is labelled of them, and the steps that its models take.
 *
 * @param sizesIn the data of an experiment
 */
export async function sizeLines(
  experiments: readonly ExperimentConfig[],
  sizesIn: (config: ExperimentConfig) => DataSizes | Promise<DataSizes>,
): Promise<string[]> {
  const data = new Map<string, DataSizes>();
  const growths = new Map<ExperimentConfig, Growth>();
  const lines: string[] = [];
  for (const config of experiments) {
    const key = canonicalJson([config.task, config.data]);
    const sizes = data.get(key) ?? await sizesIn(config);
    if (!data.has(key)) lines.push(...sizes.notices, dataLine(sizes, config.data));
    data.set(key, sizes);
    growths.set(config, growthIn(sizes, config));
  }
  lines.push(...growthLines(growths));
  for (const [model, work] of workOf(experiments, (config) => growths.get(config)!)) {
    const { trainings, least, most, steps } = work;
    const each = least === most ? `${most}` : `${least} to ${most}`;
    lines.push(`${model}: ${counted(trainings, "training", "trainings")} of ${each} steps, ${count(steps)} in all`);
  }
  return lines;
}

function dataLine({ name, train, test, classes }: DataSizes, { validation }: DataConfig): string {
  const held = heldOut(train, validation);
  return [
    `${name}: ${partText(train)} to learn from`,
    ...(held > 0 ? [`${count(held)} of them held out for validation`] : []),
    `${partText(test)} to evaluate on`,
    ...(classes.length > 0
      ? [`${classes.length} ${train.tokens === undefined ? "classes" : "types of entities"}`]
      : []),
  ].join(", ");
}

function partText({ examples, tokens, entities }: PartSize): string {
  if (tokens === undefined) return `${count(examples)} texts`;
  return `${count(examples)} texts (${count(tokens)} tokens, ${count(entities ?? 0)} entities)`;
}

function growthIn({ train }: DataSizes, config: ExperimentConfig): Growth {
  const examples = train.examples - heldOut(train, config.data.validation);
  const units = config.al.split_by_tokens ? (train.tokens ?? 0) * examples / train.examples : examples;
  return growthOf(config, { examples, units });
}

/** A line for all experiments that grow alike. */
function growthLines(growths: ReadonlyMap<ExperimentConfig, Growth>): string[] {
  const alike = Map.groupBy(growths, ([{ al }, growth]) => growthText(al, growth));
  return [...alike].map(([text, group]) => `${group.map(([{ name }]) => name).join(", ")}: ${text}`);
}

function growthText(al: AlConfig, { pool, init, step }: Growth): string {
  const unit = al.split_by_tokens ? "tokens" : "texts";
  const last = Math.min(pool.units, init + al.num_queries * step);
  const queries = counted(al.num_queries, "query", "queries");
  return `${count(init)} ${unit} labelled at first, ${count(step)} a query, ${count(last)} after ${queries}`;
}

const heldOut = ({ examples }: PartSize, validation: number) => Math.round(validation * examples);

/** 1234567 as "1,234,567". */
function count(value: number): string {
  return Math.round(value).toLocaleString("en");
}

function counted(value: number, one: string, many: string): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
