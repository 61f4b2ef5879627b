import { compose, type ConfigLibrary, layered } from "./compose.ts";
import { keyError } from "./config_error.ts";
import type { DraftExperiment, PlanForm } from "./form.ts";
import { described, get, LAYER, leaf, type Node, type Origin, put, type Section, without } from "./node.ts";

/**
 * Experiments that are written out whole, as `printWholePlan` does it: a plan that was resolved before. Nobody chose their values one by
 * one, so one that has no effect is as little a mistake as a base config's. What the command line says is laid upon each.
 *
 * @throws InputError for a key beside them, and for an experiment without a name
 */
export async function readExperiments(
  library: ConfigLibrary,
  form: PlanForm,
  experiments: Node,
): Promise<DraftExperiment[]> {
  const base = form.entries.find((entry) => entry.kind !== "self");
  const beside = base?.origin ?? [...form.own.entries.values()].find(({ origin }) => origin.key !== "name")?.origin;
  if (beside) throw keyError(beside, " has no place beside experiments, which are written out whole");
  if (experiments.kind !== "list" || experiments.items.length === 0) {
    throw keyError(experiments.origin, `: found ${described(experiments)}, expected a list of experiments`);
  }
  const drafts: DraftExperiment[] = [];
  for (const item of experiments.items) drafts.push(await readExperiment(library, form, item));
  return drafts;
}

async function readExperiment(library: ConfigLibrary, form: PlanForm, item: Node): Promise<DraftExperiment> {
  if (item.kind !== "section") throw keyError(item.origin, `: found ${described(item)}, expected an experiment`);
  const name = get(item, ["name"]);
  if (name?.kind !== "leaf" || typeof name.value !== "string") {
    throw keyError(item.origin, ": an experiment needs a name, which becomes its folder");
  }
  const { choices, settings } = form.commandLine;
  const composed = await compose(library, { base: undefined, entries: [{ kind: "self" }], own: asBase(item), choices });
  const tree = layered([composed, without(settings, ["name"])]);
  return { place: item.origin.place, tree: put(tree, ["name"], leaf(name.value, name.origin)), unused: [] };
}

/** The same values, as if a base config gave them. */
function asBase(node: Section): Section;
function asBase(node: Node): Node;
function asBase(node: Node): Node {
  const origin: Origin = { ...node.origin, layer: LAYER.library };
  if (node.kind === "leaf") return { ...node, origin };
  if (node.kind === "list") return { ...node, items: node.items.map((item) => asBase(item)), origin };
  return { ...node, entries: new Map([...node.entries].map(([key, below]) => [key, asBase(below)])), origin };
}
