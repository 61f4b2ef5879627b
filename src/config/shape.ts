import * as v from "valibot";
import { type ExperimentConfig, SAMPLING_TYPES, SCORING_STORAGES, STEP_RULES } from "./schema.ts";

/**
 * The same schema as values: what each key may hold. The message of a leaf is the end of the sentence "expected ...".
 *
 * A rule about one value stands here; a rule that takes two keys together stands in settle.ts.
 */

/** Names of files that a run directory has of its own. */
const TAKEN = ["trainings", "plan.json", "lock", "curves.csv", "curves.svg", "report.html"];
const NAME = "letters, digits, '.', '_' or '-', beginning with none of '.' and '-' (it becomes a folder's name)";

/** A name that becomes a folder of the run directory. */
export const folderName = v.pipe(
  v.string(NAME),
  v.regex(/^[A-Za-z0-9_][A-Za-z0-9._-]*$/, NAME),
  v.check((name) => !TAKEN.includes(name), `another name than ${TAKEN.join(", ")}, which a run directory needs itself`),
);

const text = (expected: string) => v.pipe(v.string(expected), v.nonEmpty(expected));

const number = (expected: string, holds: (value: number) => boolean) =>
  v.pipe(v.number(expected), v.check((value) => Number.isFinite(value) && holds(value), expected));

const positive = number("a number above 0", (value) => value > 0);
const notNegative = number("a number from 0 up", (value) => value >= 0);
const count = number("a whole number from 1 up", (value) => Number.isSafeInteger(value) && value >= 1);
const countFromNone = number("a whole number from 0 up", (value) => Number.isSafeInteger(value) && value >= 0);
const fraction = number("a fraction from 0 to 1", (value) => value >= 0 && value <= 1);

const list = (expected: string) =>
  v.pipe(
    v.array(number(expected, (value) => Number.isSafeInteger(value) && value >= 0), expected),
    v.check((values) => new Set(values).size === values.length, expected),
  );

export const FRACTION_OR_COUNT = "a fraction between 0 and 1, or a whole number from 1 up";
export const isFractionOrCount = (value: number) => value > 0 && (value < 1 || Number.isSafeInteger(value));
const fractionOrCount = number(FRACTION_OR_COUNT, isFractionOrCount);

function names(expected: string) {
  const entries = v.array(v.pipe(v.string(expected), v.nonEmpty(expected)), expected);
  return v.pipe(entries, v.check((all) => all.length >= 2 && new Set(all).size === all.length, expected));
}

const training = v.strictObject({
  lr: positive,
  epochs: count,
  step_rule: v.picklist(STEP_RULES, `one of ${STEP_RULES.join(", ")}`),
  min_steps: countFromNone,
  steps: v.nullable(count),
  batch_size_args: v.strictObject({ batch_size: count, min_batch_size: count, eval_batch_size: count }),
  accumulation: count,
  weight_decay: notNegative,
  warmup: fraction,
  clip: positive,
  max_length: count,
  frozen: v.optional(v.boolean("true or false")),
});

const model = v.strictObject({
  name: text("a model: a name of the model registry, a hub name, or a folder"),
  revision: v.optional(text("a branch, a tag or a commit of the model on the hub")),
  distilled_from: v.nullable(text("the teacher's name, or null")),
  training,
});

const seeds = "a list of different whole numbers from 0 up, such as [0, 1, 2]";

export const experimentShape = v.strictObject({
  name: folderName,
  task: text("a task's name"),
  metric: text("a metric's name"),
  al_type: v.picklist(["one", "asm"], "one (self-selection) or asm (two models)"),
  seeds: v.pipe(list(seeds), v.minLength(1, seeds)),
  data: v.strictObject({
    dataset_name: v.nullable(text("a data set's name, or null")),
    path: v.nullable(text("a folder, or null")),
    train: v.nullable(text("a file, or null")),
    test: v.nullable(text("a file, or null")),
    test_fraction: v.nullable(number("a fraction between 0 and 1, or null", (value) => value > 0 && value < 1)),
    validation: number("a fraction from 0 up and below 1", (value) => value >= 0 && value < 1),
    classes: v.optional(names("a list of two or more different names, such as [ham, spam]")),
    revision: v.optional(text("a branch, a tag or a commit")),
    subset: v.optional(text("a subset's name")),
    train_split: v.optional(text("a split's name")),
    test_split: v.optional(text("a split's name")),
    text_name: text("the name of the column with the text"),
    label_name: text("the name of the column with the label"),
    id_name: text("the name of the column with the id"),
  }),
  al: v.strictObject({
    strategy: text("a strategy's name"),
    init_p_or_n: fractionOrCount,
    step_p_or_n: fractionOrCount,
    num_queries: countFromNone,
    split_by_tokens: v.boolean("true or false"),
    sampling_type: v.picklist(SAMPLING_TYPES, `one of ${SAMPLING_TYPES.join(", ")}`),
    gamma_or_k_confident_to_save: v.nullable(notNegative),
    ups: v.strictObject({
      gamma: fraction,
      temperature: positive,
      iters_to_recalc_scores: list("a list of different queries, counted from 0, such as [0, 1, 4, 8]"),
    }),
    dropout_passes: number("a whole number from 2 up", (value) => Number.isSafeInteger(value) && value >= 2),
    scoring_storage: v.optional(v.picklist(SCORING_STORAGES, `one of ${SCORING_STORAGES.join(", ")}`)),
  }),
  acquisition_model: model,
  successor_model: model,
  generation: v.nullable(v.strictObject({ num_beams: count, max_length: count })),
}) satisfies v.GenericSchema<unknown, ExperimentConfig>;

/** A part of the schema, as the checks walk it. */
export type Shape = v.GenericSchema;

/** The keys below a section of the schema; undefined for a value. */
export function entriesOf(shape: Shape): Readonly<Record<string, Shape>> | undefined {
  if ("entries" in shape) return shape.entries as Record<string, Shape>;
  return "wrapped" in shape ? entriesOf(shape.wrapped as Shape) : undefined;
}

/** The part of the schema at a key. */
export function shapeAt(shape: Shape, path: readonly string[]): Shape {
  return path.reduce((at, key) => entriesOf(at)?.[key] ?? at, shape);
}

/** The end of the sentence "expected ..." for a key that has no value. */
export function expectedOf(shape: Shape): string {
  return v.safeParse(shape, undefined).issues?.[0].message ?? "a value";
}

/** What a config may hold: an experiment's keys, and `training`, which stands for that of both models. */
export const configShape: Shape = v.strictObject({ ...experimentShape.entries, training });

/** Every key of a config that holds a value, dotted, in the schema's order. */
export function configKeys(shape: Shape = configShape, path: readonly string[] = []): string[] {
  const entries = entriesOf(shape);
  if (entries === undefined) return [path.join(".")];
  return Object.entries(entries).flatMap(([key, below]) => configKeys(below, [...path, key]));
}
