import * as v from "valibot";
import type { InputError } from "../errors.ts";
import { suggest } from "../registry.ts";
import { keyError } from "./config_error.ts";
import { described, isEmpty, type Node, type Origin, plain } from "./node.ts";
import { configKeys, configShape, entriesOf, type Shape } from "./shape.ts";

/**
 * Refuses keys that do not exist and values of a wrong kind, the first in the order of the config. Keys that are missing are
 * not its business: they can still follow from others.
 *
 * @throws InputError with place, full key, what was found and what was expected; for an unknown key the nearest one
 */
export function checkKeys(node: Node, shape: Shape = configShape, path: readonly string[] = []): void {
  const entries = entriesOf(shape);
  if (entries === undefined) return checkValue(node, shape);
  if (isEmpty(node)) return;
  if (node.kind !== "section") {
    const [example = "..."] = Object.keys(entries);
    throw keyError(
      node.origin,
      `: found ${described(node)}, expected a section with ${Object.keys(entries).join(", ")}. ` +
        `Did you mean ${[...path, "name" in entries ? "name" : example].join(".")}?`,
    );
  }
  for (const [key, below] of node.entries) {
    const next = Object.hasOwn(entries, key) ? entries[key] : undefined;
    if (next === undefined) throw unknownKey(firstValue(below), [...path, key], Object.keys(entries));
    checkKeys(below, next, [...path, key]);
  }
}

function checkValue(node: Node, shape: Shape): void {
  if (isEmpty(node)) return;
  const result = v.safeParse(shape, plain(node));
  if (result.success) return;
  throw keyError(node.origin, `: found ${described(node)}, expected ${result.issues[0].message}`);
}

/** The statement itself, where an unknown key holds a section that was made from a dotted one. */
function firstValue(node: Node): Origin {
  const inner = node.kind === "section" && node.entries.size === 1 ? [...node.entries.values()][0] : undefined;
  return inner && inner.origin.place === node.origin.place ? firstValue(inner) : node.origin;
}

/** The nearest key: one of the same name in another section, else one that is spelled alike. */
export function unknownKey(origin: Origin, path: readonly string[], siblings: readonly string[]): InputError {
  const section = path.slice(0, -1);
  const last = path.at(-1) ?? "";
  const keys = configKeys();
  const written = last.toLowerCase();
  const elsewhere = keys.filter((key) => key.split(".").at(-1) === written);
  const first = elsewhere.find((key) => key.startsWith("training.")) ?? elsewhere[0];
  if (first !== undefined) return keyError(origin, ` is unknown. Did you mean ${first}?`);
  const beside = siblings.map((key) => [...section, key].join("."));
  const near = [beside, keys].map((names) => suggest(path.join("."), names)).find((line) => line.startsWith("Did"));
  return keyError(origin, ` is unknown. ${near ?? suggest(path.join("."), beside)}`);
}
