import { parse } from "csv-parse/sync";
import { InputError, messageOf } from "../errors.ts";
import { suggest } from "../registry.ts";
import type { Curve, Relation } from "./curve.ts";
import { columns } from "./format_curves.ts";
import { impliedRelation, publishedRelation, relations } from "./relation.ts";

type Column = (typeof columns)[number];
const optional: readonly Column[] = ["dataset", "relation", "metric"];

/**
 * Reads `curves.csv`, or a file like it: the scores may be called `<prefix>_0, <prefix>_1, ...`; `dataset`, `relation` and
 * `metric` may be missing. A missing metric is the prefix, a missing data set is empty, a missing relation is what strategy
 * and AL type imply, else absent. Other columns are ignored. A curve may be shorter than others, its last cells empty.
 *
 * @param where how a person finds the file, for messages
 * @throws InputError with file and line
 */
export function parseCurves(text: string, where: string): Curve[] {
  const [header, ...rows] = records(text, where);
  if (!header) throw new InputError(`${where}: the file is empty. Expected a header line, then a line for each curve`);
  const layout = readHeader(header.cells, `${where}:${header.line}`);
  return rows.map(({ cells, line }) => readCurve(cells, layout, `${where}:${line}`));
}

interface Line {
  readonly cells: readonly string[];
  readonly line: number;
}

function records(text: string, where: string): Line[] {
  const lines: Line[] = [];
  try {
    parse(text, {
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      on_record: (cells: string[], { lines: line }) => void lines.push({ cells, line }),
    });
    return lines;
  } catch (error) {
    const line = typeof error === "object" && error !== null && "lines" in error ? `:${error.lines}` : "";
    throw new InputError(`${where}${line}: not CSV. ${messageOf(error)}`);
  }
}

interface Layout {
  readonly width: number;
  readonly position: ReadonlyMap<string, number>;
  readonly prefix: string;
  /** Where score 0, 1, ... stand in a row. */
  readonly scores: readonly number[];
}

function readHeader(header: readonly string[], where: string): Layout {
  const position = new Map(header.map((name, index) => [name, index]));
  const twice = header.find((name, index) => name !== "" && position.get(name) !== index);
  if (twice !== undefined) throw new InputError(`${where}: column '${twice}' is there twice`);
  const found = `Found: ${header.join(", ")}`;
  const missing = columns.filter((column) => !position.has(column) && !optional.includes(column));
  if (missing.length > 0) {
    throw new InputError(`${where}: missing column${missing.length > 1 ? "s" : ""} ${missing.join(", ")}. ${found}`);
  }
  const prefixes = header.filter((name) => /._0$/.test(name)).map((name) => name.slice(0, -2));
  if (prefixes.length !== 1) {
    const what = prefixes.length === 0 ? "no score columns" : `scores of more than one kind (${prefixes.join(", ")})`;
    throw new InputError(`${where}: ${what}. Expected one series of columns score_0, score_1, ... ${found}`);
  }
  const prefix = prefixes[0]!;
  const scores: number[] = [];
  while (position.has(`${prefix}_${scores.length}`)) scores.push(position.get(`${prefix}_${scores.length}`)!);
  const stray = header.find((name) =>
    name.startsWith(`${prefix}_`) && /^\d+$/.test(name.slice(prefix.length + 1)) &&
    !scores.includes(position.get(name)!)
  );
  if (stray !== undefined) {
    throw new InputError(
      `${where}: column ${stray} but no ${prefix}_${scores.length}; expected every round up to the last`,
    );
  }
  return { width: header.length, position, prefix, scores };
}

function readCurve(cells: readonly string[], layout: Layout, where: string): Curve {
  const cell = (column: Column): string | undefined => {
    const index = layout.position.get(column);
    return index === undefined ? undefined : (cells[index] ?? "");
  };
  const required = (column: Column): string => {
    const value = cell(column);
    if (value) return value;
    throw new InputError(`${where}: column '${column}' is empty`);
  };
  if (cells.length > layout.width) {
    throw new InputError(`${where}: ${cells.length} cells, but the header has ${layout.width}`);
  }
  const al_type = required("al_type");
  if (al_type !== "one" && al_type !== "asm") {
    throw new InputError(`${where}: al_type '${al_type}'. Expected one (self-selection, random) or asm (two models)`);
  }
  const strategy = required("strategy");
  const [successor, acquisition] = [required("successor"), required("acquisition")];
  if (al_type === "one" && strategy !== "random" && acquisition !== successor) {
    throw new InputError(
      `${where}: al_type one is self-selection, but acquisition '${acquisition}' is not successor '${successor}'. ` +
        `Expected al_type asm, or the same model in both columns`,
    );
  }
  const relation = readRelation(cell("relation"), impliedRelation({ al_type, strategy }), where) ??
    publishedRelation(acquisition, successor);
  return {
    dataset: cell("dataset") ?? "",
    successor,
    acquisition,
    ...(relation && { relation }),
    al_type,
    strategy,
    seed: required("seed"),
    metric: cell("metric") || layout.prefix,
    scores: readScores(cells, layout, where),
  };
}

function readRelation(written: string | undefined, implied: Relation | undefined, where: string): Relation | undefined {
  if (!written) return implied;
  const relation = relations.find((each) => each === written);
  if (!relation) throw new InputError(`${where}: unknown relation '${written}'. ${suggest(written, relations)}`);
  if (implied !== undefined && relation !== implied) {
    throw new InputError(`${where}: relation '${relation}', but strategy and al_type make this curve '${implied}'`);
  }
  if (implied === undefined && (relation === "random" || relation === "self")) {
    throw new InputError(
      `${where}: relation '${relation}', but this curve has al_type asm. Expected distilled or mismatched`,
    );
  }
  return relation;
}

function readScores(cells: readonly string[], { prefix, scores }: Layout, where: string): number[] {
  const written = scores.map((index) => cells[index] ?? "");
  const length = written.findLastIndex((cell) => cell !== "") + 1;
  if (length === 0) throw new InputError(`${where}: no scores. Expected at least ${prefix}_0`);
  return written.slice(0, length).map((cell, round) => {
    if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cell) && Number.isFinite(Number(cell))) return Number(cell);
    const what = cell === "" ? "is empty, but a later one is not" : `'${cell}' is not a number`;
    throw new InputError(`${where}: ${prefix}_${round} ${what}`);
  });
}
