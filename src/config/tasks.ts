import { suggest } from "../registry.ts";
import { readArguments } from "./arguments.ts";
import { compose, type ConfigLibrary, layered } from "./compose.ts";
import { configError, keyError } from "./config_error.ts";
import type { DraftExperiment, PlanForm } from "./form.ts";
import { isLauncherKey } from "./launcher.ts";
import { described, get, LAYER, leaf, type Node, put, type Section, without } from "./node.ts";
import { type Argument, splitWords } from "./overrides.ts";

const KEYS = ["name", "config_name", "args", "seeds", "n_repeats"];

/**
 * A task list: each task names a base config and gives it arguments. What the file says beside `tasks` is laid upon every
 * task's base; what the command line says, upon everything.
 *
 * @throws InputError for a task without a name, an unknown key, and `n_repeats` above 1
 */
export async function readTasks(library: ConfigLibrary, form: PlanForm, tasks: Node): Promise<DraftExperiment[]> {
  if (tasks.kind !== "list" || tasks.items.length === 0) {
    throw keyError(tasks.origin, `: found ${described(tasks)}, expected a list of tasks`);
  }
  const drafts: DraftExperiment[] = [];
  for (const task of tasks.items) drafts.push(await readTask(library, form, task));
  return drafts;
}

async function readTask(library: ConfigLibrary, form: PlanForm, task: Node): Promise<DraftExperiment> {
  if (task.kind !== "section") {
    throw keyError(task.origin, `: found ${described(task)}, expected a task with name, config_name, args, seeds`);
  }
  const unused: string[] = [];
  for (const [key, { origin }] of task.entries) {
    if (isLauncherKey(key)) unused.push(key);
    else if (!KEYS.includes(key)) throw keyError(origin, ` is unknown. ${suggest(key, KEYS)}`);
  }
  const { place } = task.origin;
  const name = text(task, "name");
  if (name === undefined) throw keyError(task.origin, ": a task needs a name, which becomes its folder");
  const repeats = task.entries.get("n_repeats");
  if (repeats && !(repeats.kind === "leaf" && (repeats.value === 1 || repeats.value === null))) {
    throw keyError(
      repeats.origin,
      `: found ${described(repeats)}, expected 1. To repeat an experiment, give more seeds, such as seeds: [0, 1, 2]`,
    );
  }

  const base = text(task, "config_name");
  const args = await readArguments(library, wordsOf(task.entries.get("args"), form.text), LAYER.task);
  const seeds = task.entries.get("seeds");
  const own = seeds === undefined ? args.settings : put(args.settings, ["seeds"], seeds);
  const composed = await compose(library, {
    base: base && { name: base.value, origin: base.origin },
    entries: form.entries,
    own: without(form.own, ["name"]),
    choices: [...args.choices, ...form.commandLine.choices],
  });
  const tree = layered([composed, own, without(form.commandLine.settings, ["name"])]);
  return {
    place,
    tree: put(tree, ["name"], leaf(name.value, name.origin)),
    unused: [...unused, ...args.unused].map((key) => `tasks.${key}`),
  };
}

function text(task: Section, key: string): { value: string; origin: Node["origin"] } | undefined {
  const node = get(task, [key]);
  if (node === undefined || (node.kind === "leaf" && (node.value === null || node.value === ""))) return undefined;
  if (node.kind === "leaf" && typeof node.value === "string") return { value: node.value, origin: node.origin };
  throw keyError(node.origin, `: found ${described(node)}, expected a text`);
}

/** The arguments of a task, each with its line in the file. */
function wordsOf(args: Node | undefined, file: string): Argument[] {
  if (args === undefined) return [];
  const [name, first] = splitPlace(args.origin.place);
  if (args.kind === "leaf" && (args.value === null || typeof args.value === "string")) {
    const lines = file.split("\n");
    let line = first;
    return splitWords(args.value ?? "", args.origin.place).map(({ word }) => {
      const found = lines.findIndex((each, index) => index >= line - 1 && each.includes(word));
      if (found >= 0) line = found + 1;
      return { text: word, place: `${name}:${line}` };
    });
  }
  if (args.kind === "list") {
    return args.items.map((item) => {
      if (item.kind === "leaf" && typeof item.value === "string") return { text: item.value, place: item.origin.place };
      throw configError(
        `${item.origin.place}: found ${described(item)} in args, expected a text such as al.strategy=random`,
      );
    });
  }
  throw keyError(args.origin, `: found ${described(args)}, expected arguments such as al.strategy=random`);
}

function splitPlace(place: string): [file: string, line: number] {
  const colon = place.lastIndexOf(":");
  return [place.slice(0, colon), Number(place.slice(colon + 1))];
}
