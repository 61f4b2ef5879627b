import * as v from "valibot";
import { readArguments } from "./arguments.ts";
import { checkKeys } from "./check.ts";
import { compose, type ConfigLibrary, layered } from "./compose.ts";
import { configError, keyError } from "./config_error.ts";
import { parseDefaults } from "./defaults_list.ts";
import { readExperiments } from "./experiments.ts";
import type { DraftExperiment, PlanForm } from "./form.ts";
import { expandGroup } from "./group.ts";
import { interpolate } from "./interpolate.ts";
import { judgeIdle, refuseSameNames } from "./judge_idle.ts";
import { isLauncherKey, launcherNotice } from "./launcher.ts";
import { described, get, isEmpty, LAYER, leaf, type Node, plain, put, without } from "./node.ts";
import { readYaml } from "./read_yaml.ts";
import type { ExperimentConfig } from "./schema.ts";
import { settle, type SettledExperiment } from "./settle.ts";
import { folderName } from "./shape.ts";
import { readTasks } from "./tasks.ts";

export interface PlanRequest {
  /** The text of the config that is run. */
  readonly source: string;
  /** Its name in messages; the plan is called after it where it has no `name`. */
  readonly file: string;
  /** `key=value`, as on the command line. */
  readonly overrides: readonly string[];
  /** The text of the config `NAME.yaml` that a `defaults` list or a task names; undefined where there is none. */
  readonly load: ConfigLibrary["load"];
  /** The names `load` knows, so that a message can name the nearest. */
  readonly configNames?: readonly string[] | undefined;
  /** For `${now:...}`. */
  readonly now: Date;
}

export interface ResolvedPlan {
  /** A folder name: the run directory's, unless the user gives another. */
  readonly name: string;
  /** Of different names, at least one. */
  readonly experiments: readonly ExperimentConfig[];
  /** What the user should know though it is no mistake, a line each: keys that are not used, options without effect. */
  readonly notices: readonly string[];
}

/**
 * Resolves a plan file of any form: a task list (`tasks`), a group (`group`), a single experiment, or experiments that are written
 * out whole (`experiments`).
 *
 * Of two values for one key the stronger wins: base configs < the file < `args` of a task < `overrides`.
 *
 * @throws InputError for everything that is wrong with it, the first found: one or two lines with place, key, what was found
 *   and what was expected
 */
export async function resolvePlan(request: PlanRequest): Promise<ResolvedPlan> {
  const { source, file, now } = request;
  const library: ConfigLibrary = { load: cached(request.load), names: request.configNames };
  const config = readYaml({ text: source, file, layer: LAYER.file, mount: [] });
  if (config.entries.size === 0) throw configError(`${file}: the config is empty`);
  const args = request.overrides.map((text) => ({ text, place: "command line" }));
  const commandLine = await readArguments(library, args, LAYER.commandLine);
  const defaults = parseDefaults(config);
  const launcher = [...defaults.own.entries.keys()].filter(isLauncherKey);
  const tasks = defaults.own.entries.get("tasks");
  const whole = defaults.own.entries.get("experiments");
  const own = [...launcher, whole ? "experiments" : "tasks"].reduce((tree, key) => without(tree, [key]), defaults.own);
  const form: PlanForm = { text: source, entries: defaults.entries, own, commandLine };
  const set = commandLine.settings.entries.get("tasks");
  if (set) {
    throw keyError(
      set.origin,
      " cannot be set by an argument. Arguments set keys of every task, such as al.step_p_or_n",
    );
  }

  const { name, drafts } = whole
    ? { name: nameOf(form, file), drafts: await readExperiments(library, form, whole) }
    : tasks === undefined
    ? await readOne(library, form, file, now)
    : await readList(library, form, tasks, file, now);
  const experiments = drafts.map(({ tree, place }): SettledExperiment => {
    checkKeys(tree);
    return settle(without(tree, ["training"]), place);
  });
  refuseSameNames(drafts.map(({ place }, index) => ({ name: experiments[index]!.config.name, place })));

  const unused = [...launcher, ...defaults.unused, ...commandLine.unused, ...drafts.flatMap((draft) => draft.unused)];
  const notices = [
    ...launcherNotice(unused),
    ...experiments.flatMap((each) => each.notices),
    ...judgeIdle(experiments),
  ];
  return { name, experiments: experiments.map((each) => each.config), notices: [...new Set(notices)] };
}

interface NamedDrafts {
  readonly name: string;
  readonly drafts: readonly DraftExperiment[];
}

/** A group, or a single experiment. */
async function readOne(library: ConfigLibrary, form: PlanForm, file: string, now: Date): Promise<NamedDrafts> {
  const { entries, own, commandLine } = form;
  const composed = await compose(library, { base: undefined, entries, own, choices: commandLine.choices });
  const tree = interpolate(layered([composed, commandLine.settings]), now);
  const name = planName(get(tree, ["name"]), file);
  const group = tree.entries.get("group");
  if (group) return { name, drafts: expandGroup(without(tree, ["name"]), group, file) };
  const origin = { layer: LAYER.library, place: file, key: "name" };
  return { name, drafts: [{ place: file, tree: put(tree, ["name"], leaf(name, origin)), unused: [] }] };
}

async function readList(
  library: ConfigLibrary,
  form: PlanForm,
  tasks: Node,
  file: string,
  now: Date,
): Promise<NamedDrafts> {
  const group = form.own.entries.get("group") ?? form.commandLine.settings.entries.get("group");
  if (group) {
    throw keyError(group.origin, ` has no place beside tasks (${tasks.origin.place}). A config is one or the other`);
  }
  const drafts = await readTasks(library, form, tasks);
  return {
    name: nameOf(form, file),
    drafts: drafts.map((draft) => ({ ...draft, tree: interpolate(draft.tree, now) })),
  };
}

/** The name of a plan whose experiments have names of their own. */
function nameOf({ own, commandLine }: PlanForm, file: string): string {
  return planName(get(commandLine.settings, ["name"]) ?? get(own, ["name"]), file);
}

/** @throws InputError for a `name` that cannot be a folder's */
function planName(given: Node | undefined, file: string): string {
  if (given && !isEmpty(given)) {
    const result = v.safeParse(folderName, plain(given));
    if (result.success) return result.output;
    throw keyError(given.origin, `: found ${described(given)}, expected ${result.issues[0].message}`);
  }
  const stem = (file.split(/[/\\]/).at(-1) ?? "").replace(/\.ya?ml$/, "");
  const name = stem.replaceAll(/[^A-Za-z0-9._-]+/g, "-").replace(/^[.-]+/, "");
  return v.is(folderName, name) ? name : `plan-${name}`;
}

function cached(load: ConfigLibrary["load"]): ConfigLibrary["load"] {
  const texts = new Map<string, Promise<string | undefined>>();
  return (name) => {
    const text = texts.get(name) ?? load(name);
    texts.set(name, text);
    return text;
  };
}
