import { posix } from "node:path";
import { parseAst } from "vite";

/** What the house rules look at in one source file. */
export interface SourceFile {
  /** From the project's root. */
  readonly path: string;
  readonly imports: readonly Import[];
  /** Names that only one host has, such as `Deno` or `document`, where the file uses them without declaring them. */
  readonly hostNames: readonly string[];
}

export interface Import {
  /** A path from the project's root, or a bare specifier as it is written. */
  readonly target: string;
  /** Names taken from it: those imported, and those read off a namespace import. */
  readonly names: readonly string[];
}

const hostNames = new Set([
  ...["Deno", "process", "Buffer", "require", "__dirname", "__filename"],
  ...["window", "document", "localStorage", "sessionStorage", "HTMLElement", "SVGElement", "customElements", "alert"],
]);

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

export function parseSource(path: string, text: string): SourceFile {
  const nodes = [...walk(parseAst(text, { lang: "ts" }) as unknown as Node)];
  return { path, imports: importsOf(nodes, path), hostNames: usedHostNames(nodes) };
}

function importsOf(nodes: readonly Node[], path: string): Import[] {
  return nodes.flatMap((node) => {
    const source = node["source"];
    if (!isNode(source) || typeof source["value"] !== "string") return [];
    const written = source["value"];
    const target = written.startsWith(".") ? posix.normalize(posix.join(posix.dirname(path), written)) : written;
    const specifiers = isNodes(node["specifiers"]) ? node["specifiers"] : [];
    return [{ target, names: specifiers.flatMap((specifier) => namesOf(specifier, nodes)) }];
  });
}

function namesOf(specifier: Node, nodes: readonly Node[]): string[] {
  if (specifier.type === "ImportSpecifier") return [nameOf(specifier["imported"])];
  if (specifier.type !== "ImportNamespaceSpecifier") return [];
  const namespace = nameOf(specifier["local"]);
  return nodes.filter((node) => node.type === "MemberExpression" && nameOf(node["object"]) === namespace)
    .map((node) => nameOf(node["property"]));
}

function usedHostNames(nodes: readonly Node[]): string[] {
  const declared = new Set(nodes.flatMap(declarations).flatMap(boundNames));
  const members = new Set(nodes.flatMap(fixedNames));
  const used = nodes.filter((node) => node.type === "Identifier" && !members.has(node)).map(nameOf);
  const global = nodes.filter((node) => node.type === "MemberExpression" && nameOf(node["object"]) === "globalThis")
    .map((node) => nameOf(node["property"]));
  const free = used.filter((name) => !declared.has(name));
  return [...new Set([...free, ...global].filter((name) => hostNames.has(name)))];
}

/** The nodes in which a node declares names. */
function declarations(node: Node): Node[] {
  const parts = [node["params"], node["parameters"], node["param"], node["local"]];
  if (/Declarat|Function|Class/.test(node.type)) parts.push(node["id"]);
  return parts.flat().filter(isNode);
}

/** The names that a pattern binds, without those in its types and defaults. */
function boundNames(pattern: Node): string[] {
  if (pattern.type === "Identifier") return [nameOf(pattern)];
  const parts = [pattern["elements"], pattern["properties"], pattern["value"], pattern["argument"], pattern["left"]];
  return [...parts, pattern["parameter"]].flat().filter(isNode).flatMap(boundNames);
}

/** Identifiers that are names of members, which refer to nothing by themselves: `x.document`, `{ document: 1 }`. */
function fixedNames(node: Node): unknown[] {
  if (node["computed"] === true) return [];
  if (node.type === "MemberExpression") return [node["property"]];
  if (node.type === "TSQualifiedName") return [node["right"]];
  return node["shorthand"] === true ? [] : [node["key"], node["imported"], node["exported"]];
}

function* walk(node: Node): Generator<Node> {
  yield node;
  for (const child of Object.values(node)) {
    if (isNode(child)) yield* walk(child);
    else if (Array.isArray(child)) { for (const each of child) if (isNode(each)) yield* walk(each); }
  }
}

function isNode(value: unknown): value is Node {
  return value !== null && typeof value === "object" && "type" in value && typeof value.type === "string";
}

function isNodes(value: unknown): value is readonly Node[] {
  return Array.isArray(value) && value.every(isNode);
}

function nameOf(node: unknown): string {
  return isNode(node) && typeof node["name"] === "string" ? node["name"] : "";
}
