import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { configError, keyError } from "./config_error.ts";
import { get, type Layer, type Node, type Origin, put, type Scalar, type Section, section } from "./node.ts";

/** Aliases can make a small file an endless tree. */
const MOST_NODES = 100_000;
const DEEPEST = 64;

export interface YamlSource {
  readonly text: string;
  /** Its name in messages. */
  readonly file: string;
  readonly layer: Layer;
  /** Where the file's keys will stand, for the full keys of messages. */
  readonly mount: readonly string[];
}

/**
 * A YAML file as a tree with positions. A dotted key (`al.strategy: lc`) stands for its sections, as on the command line.
 *
 * @throws InputError for what is not YAML, and for a key that is given twice: one line with file, line and column
 */
export function readYaml({ text, file, layer, mount }: YamlSource): Section {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number | undefined) => (offset === undefined ? file : `${file}:${lines.linePos(offset).line}`);
  const notYaml = (offset: number, message: string) => {
    const { line, col } = lines.linePos(offset);
    return configError(`${file}:${line}:${col}: not YAML: ${message.replaceAll(/\s+/g, " ")}`);
  };
  const fault = document.errors[0] ?? document.warnings[0];
  if (fault) throw notYaml(fault.pos[0], fault.message);

  let nodes = 0;
  const origin = (path: readonly string[], offset: number | undefined): Origin => ({
    layer,
    place: at(offset),
    key: keyOf([...mount, ...path]),
  });

  function convert(node: unknown, path: readonly string[], offset: number | undefined): Node {
    const own = origin(path, offset);
    if (++nodes > MOST_NODES || path.length > DEEPEST) {
      throw configError(`${own.place}: nested too deep, or too large`);
    }
    if (isAlias(node)) {
      const target = node.resolve(document);
      if (target === undefined) throw notYaml(startOf(node) ?? 0, `no anchor &${node.source} stands before this`);
      return convert(target, path, offset);
    }
    if (isSeq(node)) {
      return {
        kind: "list",
        items: node.items.map((item, index) => convert(item, [...path, `[${index}]`], startOf(item) ?? offset)),
        origin: own,
      };
    }
    if (isMap(node)) {
      let tree: Section = section(new Map(), own);
      for (const { key, value } of node.items) {
        const written = isScalar(key) ? String(key.value) : String(key);
        const keys = isReference(written) ? [written] : written.split(".");
        const below = convert(value, [...path, ...keys], startOf(key) ?? offset);
        const standing = keys.map((_, index) => get(tree, keys.slice(0, index + 1)))
          .find((each, index) => each !== undefined && (each.kind !== "section" || index === keys.length - 1));
        if (standing !== undefined) {
          throw keyError(below.origin, ` is given twice, here and at ${standing.origin.place}`);
        }
        tree = put(tree, keys, below);
      }
      return tree;
    }
    return { kind: "leaf", value: scalarOf(isScalar(node) ? node.value : null), origin: own };
  }

  if (document.contents === null) return section(new Map(), origin([], undefined));
  const tree = convert(document.contents, [], startOf(document.contents));
  if (tree.kind === "section") return tree;
  throw configError(`${tree.origin.place}: a config is a list of keys with values, such as 'metric: accuracy'`);
}

/** Entries of a `defaults` list are written as keys but are none: `override hydra/job_logging`, `training@a.b`. */
const isReference = (key: string) => /[\s/@]/.test(key) || !/^[^.]+(\.[^.]+)*$/.test(key);

const keyOf = (path: readonly string[]) => path.join(".").replaceAll(".[", "[");

function startOf(node: unknown): number | undefined {
  const range = typeof node === "object" && node !== null && "range" in node ? node.range : undefined;
  return Array.isArray(range) && typeof range[0] === "number" ? range[0] : undefined;
}

function scalarOf(value: unknown): Scalar {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  return value === undefined ? null : String(value);
}
