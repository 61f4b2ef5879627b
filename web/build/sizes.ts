import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { parseAst, type Plugin } from "vite";
import { PACKAGE_FOLDER } from "./project_files.ts";

export interface FileSize {
  /** Relative to index.html. */
  readonly path: string;
  readonly bytes: number;
  readonly gzipBytes: number;
}

export interface PageSizes {
  /** The JavaScript without which nothing computes: what index.html loads, the Workers it starts, and what they import. */
  readonly scripts: readonly FileSize[];
  /** JavaScript that is fetched once it is wanted. */
  readonly later: readonly FileSize[];
  /** Everything else. */
  readonly others: readonly FileSize[];
}

/** What a built page weighs. */
export function pageSizes(folder: string): PageSizes {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1).replaceAll("\\", "/"));
  const atOnce = scriptsOf(folder);
  const size = (path: string): FileSize => {
    const content = readFileSync(join(folder, path));
    return { path, bytes: content.length, gzipBytes: gzipSync(content, { level: 9 }).length };
  };
  const isScript = (path: string) => path.startsWith("assets/") && path.endsWith(".js");
  return {
    scripts: [...atOnce].map(size),
    later: files.filter((path) => isScript(path) && !atOnce.has(path)).map(size),
    others: files.filter((path) => !isScript(path)).map(size),
  };
}

export function sum(sizes: readonly FileSize[], which: "bytes" | "gzipBytes"): number {
  return sizes.reduce((total, size) => total + size[which], 0);
}

/** Prints, after a build, what a visitor waits for. */
export function reportSizes(): Plugin {
  let report = () => {};
  return {
    name: "report-sizes",
    apply: "build",
    configResolved({ root, build, logger, logLevel }) {
      if (logLevel !== undefined && logLevel !== "info") return;
      report = () => logger.info(`\n${sizeLines(pageSizes(resolve(root, build.outDir))).join("\n")}\n`);
    },
    closeBundle: { order: "post", sequential: true, handler: () => report() },
  };
}

function sizeLines({ scripts, later, others }: PageSizes): string[] {
  const line = (what: string, sizes: readonly FileSize[]) => {
    const kilobytes = (which: "bytes" | "gzipBytes") => `${(sum(sizes, which) / 1000).toFixed(1)} kB`.padStart(10);
    return `${what.padEnd(44)} ${kilobytes("bytes")}, with gzip ${kilobytes("gzipBytes")}`;
  };
  const kept = others.filter(({ path }) => !path.startsWith(PACKAGE_FOLDER));
  return [
    ...scripts.map((size) => line(`  ${size.path}`, [size])),
    line("JavaScript before data and weights", scripts),
    line("JavaScript on demand", later),
    line(`everything, kept for use offline (${scripts.length + later.length + kept.length} files)`, [
      ...scripts,
      ...later,
      ...kept,
    ]),
    line("models that are fetched once they are chosen", others.filter((size) => !kept.includes(size))),
  ];
}

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** Paths of the scripts that index.html loads, with those that they import or start, in the order they are met. */
function scriptsOf(folder: string): Set<string> {
  const page = readFileSync(join(folder, "index.html"), "utf8");
  const found = new Set<string>();
  const visit = (path: string) => {
    if (found.has(path)) return;
    found.add(path);
    const program = parseAst(readFileSync(join(folder, path), "utf8")) as unknown as Node;
    for (const target of targets(program)) visit(posix.join(dirname(path), target));
  };
  for (const [, source] of page.matchAll(/<script[^>]*\ssrc="([^"]+)"/g)) visit(posix.normalize(source!));
  return found;
}

/** What a script imports or exports from, and the files that it makes Workers of. A dynamic import is neither. */
function* targets(node: Node): Iterable<string> {
  const source = node["source"];
  if (node.type !== "ImportExpression" && isNode(source) && typeof source["value"] === "string") yield source["value"];
  if (node.type === "NewExpression" && isNode(node["callee"]) && node["callee"]["name"] === "Worker") {
    yield* strings(node).filter((text) => text.endsWith(".js"));
    return;
  }
  for (const child of children(node)) yield* targets(child);
}

function strings(node: Node): string[] {
  const own = node.type === "Literal" && typeof node["value"] === "string" ? [node["value"]] : [];
  const quasi = node.type === "TemplateElement" ? [(node["value"] as { readonly cooked: string }).cooked] : [];
  return [...own, ...quasi, ...children(node).flatMap(strings)];
}

function children(node: Node): Node[] {
  return Object.values(node).flat().filter(isNode);
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}
