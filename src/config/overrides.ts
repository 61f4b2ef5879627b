import { InputError } from "../errors.ts";
import { configError } from "./config_error.ts";
import { type Layer, leaf, type Node, type Origin, type Scalar } from "./node.ts";
import { readYaml } from "./read_yaml.ts";

/** A `key=value` as it was written, with its place. */
export interface Argument {
  readonly text: string;
  readonly place: string;
}

/** A `key=value`, read. Whether it sets a key or chooses a config of a group is for the composition to find out. */
export interface Override {
  /** Dotted for a key; `a/b` or `a@b.c` for a group. */
  readonly key: string;
  readonly value: Node;
  readonly origin: Origin;
}

/**
 * The words of a text as a shell gives them: blanks part them, quotes and a backslash hold them together. The offset is
 * where the word begins.
 *
 * @throws InputError for a quote that is not closed
 */
export function splitWords(text: string, place: string): { word: string; offset: number }[] {
  const words: { word: string; offset: number }[] = [];
  let current: { word: string; offset: number } | undefined;
  let quote: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (quote === undefined && /\s/.test(character)) {
      if (current) words.push(current);
      current = undefined;
      continue;
    }
    current ??= { word: "", offset: at };
    if (character === quote) quote = undefined;
    else if (quote === undefined && (character === "'" || character === '"')) quote = character;
    else if (character === "\\" && quote !== "'" && at + 1 < text.length) current.word += text.charAt(++at);
    else current.word += character;
  }
  if (quote !== undefined) {
    throw configError(`${place}: a quote (${quote}) is not closed in: ${text.slice(current?.offset).slice(0, 60)}`);
  }
  if (current) words.push(current);
  return words;
}

/**
 * Joins an argument that begins with '.' to the one before it: a long key that was folded over two lines.
 *
 * @throws InputError where there is none before it
 */
export function joinFolded(args: readonly Argument[]): Argument[] {
  const joined: Argument[] = [];
  for (const argument of args) {
    const before = joined.at(-1);
    if (!argument.text.startsWith(".")) joined.push(argument);
    else if (before) joined[joined.length - 1] = { ...before, text: before.text + argument.text };
    else throw configError(`${argument.place}: '${argument.text}' continues an argument, but none stands before it`);
  }
  return joined;
}

const KEY = /^[A-Za-z_]\w*([./][A-Za-z_]\w*)*(@[A-Za-z_][\w.]*)?$/;

/**
 * Reads `key=value`; the signs Hydra has for adding a key (`+`, `++`) are allowed and change nothing, since the schema knows
 * every key.
 *
 * @throws InputError for anything else, `~key` among it
 */
export function parseOverride({ text, place }: Argument, layer: Layer): Override {
  const equals = text.indexOf("=");
  if (text.startsWith("~")) {
    throw configError(`${place}: '${text}': keys cannot be removed. Set the key to null, or choose another config`);
  }
  const key = text.slice(0, Math.max(0, equals)).replace(/^\+{1,2}/, "");
  if (!KEY.test(key)) throw configError(`${place}: '${text}' is not key=value, such as al.strategy=random`);
  const origin: Origin = { layer, place, key };
  return { key, value: parseValue(text.slice(equals + 1), origin, text), origin };
}

/** A list, a map or a quoted text is read as YAML; everything else is one scalar, so that no sign in a text needs care. */
function parseValue(value: string, origin: Origin, argument: string): Node {
  const trimmed = value.trim();
  if (trimmed === "") {
    throw configError(`${origin.place}: '${argument}' has no value. For none, write ${origin.key}=null`);
  }
  if (!/^[[{"']/.test(trimmed)) return leaf(scalar(trimmed), origin);
  try {
    const tree = readYaml({ text: `value: ${trimmed}`, file: origin.place, layer: origin.layer, mount: [] });
    return moved(tree.entries.get("value") ?? leaf(null, origin), origin);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw configError(
      `${origin.place}: '${argument}': cannot read the value. A list is written [0, 1], a text 'so'`,
    );
  }
}

/** Gives every part of a value the place and key of the argument. */
function moved(node: Node, origin: Origin): Node {
  if (node.kind === "leaf") return { ...node, origin };
  if (node.kind === "list") return { ...node, items: node.items.map((item) => moved(item, origin)), origin };
  const entries = [...node.entries].map(([key, below]): [string, Node] => [
    key,
    moved(below, { ...origin, key: `${origin.key}.${key}` }),
  ]);
  return { ...node, entries: new Map(entries), origin };
}

function scalar(text: string): Scalar {
  if (/^(null|Null|NULL|~)$/.test(text)) return null;
  if (/^(true|True|TRUE)$/.test(text)) return true;
  if (/^(false|False|FALSE)$/.test(text)) return false;
  return /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text) ? Number(text) : text;
}
