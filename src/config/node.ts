/**
 * A config while it is being composed: a tree that remembers of every value who wrote it, and where.
 *
 * That memory is what lets an error name the file and line, and what tells an option the user gave from a default.
 */

/** Who wrote a value. A later layer overrules an earlier one. */
export type Layer = (typeof LAYER)[keyof typeof LAYER];
export const LAYER = {
  /** A base config, or a config chosen by name. */
  library: 0,
  /** The config that was run. */
  file: 1,
  /** The `args` and `seeds` of one task of a list. */
  task: 2,
  commandLine: 3,
} as const;

/** One statement of a value. Copies of a node keep the same object, so it is also the statement's identity. */
export interface Origin {
  readonly layer: Layer;
  /** "mails.yaml:7" or "command line". */
  readonly place: string;
  /** The full key, dotted, as it was written. */
  readonly key: string;
}

export type Scalar = string | number | boolean | null;
export type Node = Leaf | List | Section;

export interface Leaf {
  readonly kind: "leaf";
  readonly value: Scalar;
  readonly origin: Origin;
}

export interface List {
  readonly kind: "list";
  readonly items: readonly Node[];
  readonly origin: Origin;
}

export interface Section {
  readonly kind: "section";
  readonly entries: ReadonlyMap<string, Node>;
  readonly origin: Origin;
}

export const leaf = (value: Scalar, origin: Origin): Leaf => ({ kind: "leaf", value, origin });

export const section = (entries: ReadonlyMap<string, Node>, origin: Origin): Section => ({
  kind: "section",
  entries,
  origin,
});

/** True where nothing stands: null, or Hydra's mark for a value that someone else must give. */
export const isEmpty = (node: Node | undefined): boolean =>
  node === undefined || (node.kind === "leaf" && (node.value === null || node.value === "???"));

/** `over` laid upon `base`: sections key by key, everything else whole. An empty section changes nothing. */
export function merge(base: Section, over: Section): Section {
  const entries = new Map(base.entries);
  for (const [key, node] of over.entries) {
    const below = entries.get(key);
    if (below?.kind === "section" && node.kind === "section") entries.set(key, merge(below, node));
    else if (below?.kind === "section" && isEmpty(node)) continue;
    else entries.set(key, node);
  }
  return section(entries, over.origin);
}

export function get(node: Node | undefined, path: readonly string[]): Node | undefined {
  let at = node;
  for (const key of path) at = at?.kind === "section" ? at.entries.get(key) : undefined;
  return at;
}

/** The tree with `node` at `path`, and sections made on the way. */
export function put(tree: Section, path: readonly string[], node: Node): Section {
  const [key, ...rest] = path;
  if (key === undefined) return node.kind === "section" ? node : tree;
  if (rest.length === 0) return section(new Map(tree.entries).set(key, node), tree.origin);
  const below = tree.entries.get(key);
  const inner = below?.kind === "section" ? below : section(new Map(), node.origin);
  return section(new Map(tree.entries).set(key, put(inner, rest, node)), tree.origin);
}

/** The tree without what stands at `path`. */
export function without(tree: Section, path: readonly string[]): Section {
  const [key, ...rest] = path;
  const below = key === undefined ? undefined : tree.entries.get(key);
  if (key === undefined || below === undefined) return tree;
  const entries = new Map(tree.entries);
  if (rest.length === 0) entries.delete(key);
  else if (below.kind === "section") entries.set(key, without(below, rest));
  return section(entries, tree.origin);
}

/** A section that holds `node` at `path`. */
export function nest(path: readonly string[], node: Node): Section {
  return put(section(new Map(), node.origin), path, node);
}

export function plain(node: Node): unknown {
  if (node.kind === "leaf") return node.value;
  if (node.kind === "list") return node.items.map(plain);
  return Object.fromEntries([...node.entries].map(([key, below]) => [key, plain(below)]));
}

/** Every leaf and list of a tree with its path, in order. */
export function* values(node: Node, path: readonly string[] = []): Generator<[path: readonly string[], Leaf | List]> {
  if (node.kind !== "section") yield [path, node];
  else for (const [key, below] of node.entries) yield* values(below, [...path, key]);
}

/** What stands in a config, in a few words, for the "found ..." of a message. */
export function described(node: Node): string {
  if (node.kind === "section") return `a section (${[...node.entries.keys()].slice(0, 4).join(", ")})`;
  const value = node.kind === "leaf" ? node.value : undefined;
  const text = node.kind === "list"
    ? JSON.stringify(plain(node))
    : typeof value === "string"
    ? `'${value}'`
    : String(value);
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}
