import { InputError } from "../../errors.ts";

/** What the integers of columns stand for, by column. */
export type ClassNames = ReadonlyMap<string, readonly string[]>;

/**
 * The names of classes that the `datasets` library writes into the Parquet files that it makes, as JSON under the key `huggingface`.
 *
 * @throws InputError where that is no JSON
 */
export function classNames(metadata: string | undefined, file: string): ClassNames {
  if (metadata === undefined) return new Map();
  let parsed: unknown;
  try {
    parsed = JSON.parse(metadata);
  } catch {
    throw new InputError(`${file}: what it says of its columns under 'huggingface' is damaged`);
  }
  const features = field(field(parsed, "info"), "features");
  const names = Object.entries(isObject(features) ? features : {}).map(([column, type]) =>
    [column, namesOf(type)] as const
  );
  return new Map(names.filter((entry): entry is [string, string[]] => entry[1] !== undefined));
}

/** A class label's, or those of the entries of a list, which has been written in three ways. */
function namesOf(type: unknown): string[] | undefined {
  if (Array.isArray(type)) return type.length === 1 ? namesOf(type[0]) : undefined;
  const names = field(type, "names");
  if (field(type, "_type") === "ClassLabel" && Array.isArray(names)) return names.map(String);
  const inner = field(type, "feature");
  return inner === undefined ? undefined : namesOf(inner);
}

/**
 * A cell with its integers replaced by the names that they stand for; -1 is how that library writes "none".
 *
 * @throws InputError where an integer stands for nothing
 */
export function named(cell: unknown, names: readonly string[], place: string): unknown {
  if (Array.isArray(cell)) return cell.map((each) => named(each, names, place));
  if (typeof cell !== "number" || cell === -1) return cell === -1 ? null : cell;
  const name = names[cell];
  if (name === undefined) throw new InputError(`${place}: class ${cell}, of ${names.length} (${names.join(", ")})`);
  return name;
}

function field(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
