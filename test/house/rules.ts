import type { Import, SourceFile } from "./source_file.ts";

/** Layers from the bottom up: an area imports from layers below its own, and from itself. */
const layers: readonly (readonly string[])[] = [
  ["src root"],
  // Types and rules of its own; it knows nothing of the engine.
  ["config"],
  // Files of elsewhere; it knows nothing of what they are for.
  ["hub"],
  ["gpu"],
  ["kernels"],
  ["tfjs"],
  ["models", "text", "data"],
  ["acquisition", "training", "evaluation", "tasks"],
  ["experiment"],
  ["report"],
  ["engine"],
  // Measures the engine from outside.
  ["bench"],
  ["cli", "web"],
];

/** Within a layer: who may import whom besides itself. */
const sideways: Readonly<Record<string, readonly string[]>> = {
  models: ["text"],
  // A task trains, evaluates, and answers a strategy.
  tasks: ["evaluation", "training", "acquisition"],
};

/** Names of tfjs-core that reach behind its operations. */
const tfjsInternals = new Set([
  ...["engine", "backend", "findBackend", "registerBackend", "removeBackend", "KernelBackend", "DataStorage"],
  ...["getKernel", "getGradient", "getKernelsForBackend", "registerKernel", "registerGradient", "unregisterKernel"],
]);

const usersOfTfjsCore = ["tfjs", "models", "tasks", "training", "bench"];

/** The area of a file: a folder of `src/`, or `kernels`, `bench`, `cli`, `web`. */
export function areaOf(path: string): string {
  const [top, next, ...rest] = path.split("/");
  if (top !== "src") return top!;
  if (rest.length > 0) return next!;
  return next === "engine.ts" ? "engine" : "src root";
}

/** Every breach of the house rules, one line each. */
export function breaches(files: readonly SourceFile[]): string[] {
  return [
    ...files.flatMap((file) => [...hostBreaches(file), ...file.imports.flatMap((each) => importBreaches(file, each))]),
    ...cycles(files),
  ];
}

/** Rule 1: `kernels/` and `src/` run in both hosts. */
function hostBreaches({ path, hostNames }: SourceFile): string[] {
  return isShared(path) ? hostNames.map((name) => `${path}: uses ${name}, which only one host has`) : [];
}

function importBreaches(file: SourceFile, { target, names }: Import): string[] {
  const from = areaOf(file.path);
  const isOwn = /^(src|kernels|bench|cli|web)\//.test(target);
  if (from === "kernels" && !(isOwn && ["gpu", "kernels"].includes(areaOf(target)))) {
    return [`${file.path}: imports ${target}; kernels import only src/gpu and each other`];
  }
  if (isOwn) return points(from, areaOf(target)) ? [] : [`${file.path}: imports ${target}, which does not point down`];
  if (target.startsWith(".")) return [`${file.path}: imports ${target}, outside the house`];
  if (target.startsWith("node:")) {
    return isShared(file.path) ? [`${file.path}: imports ${target}, which only one host has`] : [];
  }
  return target.startsWith("@tensorflow/") && from !== "tfjs" ? tfjsBreaches(file.path, from, target, names) : [];
}

/** Rule 3: only `src/tfjs/` reaches into tfjs; a few others may use its public operations. */
function tfjsBreaches(path: string, from: string, target: string, names: readonly string[]): string[] {
  if (target !== "@tensorflow/tfjs-core") return [`${path}: imports ${target}, which only src/tfjs may`];
  if (!usersOfTfjsCore.includes(from)) {
    return [`${path}: imports ${target}, which only ${usersOfTfjsCore.join(", ")} may`];
  }
  return names.filter((name) => tfjsInternals.has(name)).map((name) =>
    `${path}: takes ${name} of ${target}, which only src/tfjs may`
  );
}

/** Rule 4: arrows point down. */
function points(from: string, to: string): boolean {
  if (from === to || sideways[from]?.includes(to)) return true;
  return layerOf(to) < layerOf(from);
}

function layerOf(area: string): number {
  const layer = layers.findIndex((areas) => areas.includes(area));
  if (layer === -1) throw new Error(`no layer is known for '${area}': add it to the house rules`);
  return layer;
}

function isShared(path: string): boolean {
  return path.startsWith("src/") || path.startsWith("kernels/");
}

/** Import cycles between files, each once. */
function cycles(files: readonly SourceFile[]): string[] {
  const imports = new Map(files.map(({ path, imports }) => [path, imports.map(({ target }) => target)]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]) => {
    const start = trail.indexOf(path);
    if (start !== -1) found.push(`import cycle: ${[...trail.slice(start), path].join(" -> ")}`);
    if (start !== -1 || done.has(path)) return;
    for (const target of imports.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of imports.keys()) visit(path, []);
  return found;
}
