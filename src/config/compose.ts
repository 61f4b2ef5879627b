import type { InputError } from "../errors.ts";
import { nearest } from "../registry.ts";
import { configError, keyError } from "./config_error.ts";
import { type DefaultEntry, type GroupChoice, parseDefaults } from "./defaults_list.ts";
import { described, get, isEmpty, LAYER, merge, nest, type Origin, put, type Section, section } from "./node.ts";
import { readYaml } from "./read_yaml.ts";

/** The configs that can be named in a `defaults` list. */
export interface ConfigLibrary {
  /** The text of `NAME.yaml`, or undefined where there is none; `data/mail` is `mail` of the group `data`. */
  load(name: string): Promise<string | undefined>;
  /** All names, for the nearest one in messages. */
  readonly names?: readonly string[] | undefined;
}

/** What is composed: the bottom first. */
export interface Composition {
  /** A config that lies below the file: `config_name` of a task. */
  readonly base: { readonly name: string; readonly origin: Origin } | undefined;
  /** The entries of the file's `defaults`, and its own keys. */
  readonly entries: readonly DefaultEntry[];
  readonly own: Section;
  /** Choices of groups from arguments, the strongest last. They replace a choice of the same group, or come after the file. */
  readonly choices: readonly GroupChoice[];
}

/**
 * The config that a `defaults` list makes: every entry in order, each laid upon those before it. `training` is spread over
 * both models as each part arrives, so that within one part the key of a model wins over `training`, and a later part wins
 * over an earlier one.
 *
 * @throws InputError for a config that does not exist, one that includes itself, and an `override` of a group nobody chose
 */
export async function compose(library: ConfigLibrary, composition: Composition): Promise<Section> {
  const replaced = new Set<string>();
  const parts: Section[] = [];

  interface Place {
    /** The folder that names are counted from. */
    readonly folder: string;
    readonly mount: readonly string[];
    /** Choices that overrule those made here, by group. */
    readonly choices: ReadonlyMap<string, GroupChoice>;
    /** The configs that are being read, outermost first. */
    readonly open: readonly string[];
  }

  async function walk(entries: readonly DefaultEntry[], own: Section, place: Place): Promise<void> {
    const choices = new Map(place.choices);
    for (const entry of entries) {
      if (entry.kind !== "group") continue;
      const key = choiceKey(within(place.folder, entry.group), entry.package);
      if (!place.choices.has(key) && !entry.optional) choices.set(key, entry);
    }
    for (const entry of entries) {
      if (entry.kind === "self") parts.push(own);
      else if (entry.kind === "config") await include(entry.config, entry.package, entry.origin, false, place, choices);
      else if (!entry.override) await choose(entry, place, choices);
    }
    for (const entry of entries) {
      if (entry.kind !== "group" || !entry.override) continue;
      if (replaced.has(choiceKey(within(place.folder, entry.group), entry.package))) continue;
      throw configError(
        `${entry.origin.place}: 'override ${entry.group}' replaces nothing: no config before it chooses ${entry.group}. ` +
          `Write '${entry.group}: ${entry.configs.join(", ")}'`,
      );
    }
  }

  async function choose(entry: GroupChoice, place: Place, choices: ReadonlyMap<string, GroupChoice>): Promise<void> {
    const group = within(place.folder, entry.group);
    const chosen = choices.get(choiceKey(group, entry.package)) ?? entry;
    if (chosen !== entry) replaced.add(choiceKey(group, entry.package));
    for (const config of chosen.configs) {
      await include(`/${group}/${config}`, entry.package, chosen.origin, chosen.optional, place, choices);
    }
  }

  async function include(
    config: string,
    at: string | undefined,
    origin: Origin,
    optional: boolean,
    place: Place,
    choices: ReadonlyMap<string, GroupChoice>,
  ): Promise<void> {
    const name = within(place.folder, config);
    const folder = name.split("/").slice(0, -1).join("/");
    if (place.open.includes(name)) {
      throw configError(`${origin.place}: config '${name}' includes itself: ${[...place.open, name].join(" -> ")}`);
    }
    const text = await library.load(name);
    if (text === undefined && optional) return;
    if (text === undefined) throw missingConfig(name, origin, library);
    const header = /^\s*#\s*@package\s+(\S+)/.exec(text)?.[1];
    const mount = mountOf(place, folder, at ?? header);
    const read = readYaml({ text, file: `${name}.yaml`, layer: LAYER.library, mount });
    const { entries, own } = parseDefaults(read);
    const mounted = mount.length === 0 ? own : nest(mount, own);
    await walk(entries, mounted, { folder, mount, choices, open: [...place.open, name] });
  }

  const { base, entries, own, choices } = composition;
  const strongest = new Map(choices.map((choice) => [choiceKey(choice.group, choice.package), choice]));
  const root: Place = { folder: "", mount: [], choices: strongest, open: [] };
  const below: DefaultEntry[] = base
    ? [{ kind: "config", config: base.name, package: undefined, origin: base.origin }]
    : [];
  await walk([...below, ...entries], own, root);
  for (const [key, choice] of strongest) {
    if (!replaced.has(key)) await choose(choice, root, new Map());
  }
  return layered(parts);
}

/** Parts laid upon each other, the first at the bottom. */
export function layered(parts: readonly Section[]): Section {
  const root: Origin = { layer: LAYER.library, place: "config", key: "" };
  return parts.map(spreadTraining).reduce(merge, section(new Map(), root));
}

/** Copies what stands under `training` to both models; what a model says itself in the same part wins. */
function spreadTraining(part: Section): Section {
  const training = part.entries.get("training");
  if (training === undefined || isEmpty(training)) return part;
  if (training.kind !== "section") {
    throw keyError(
      training.origin,
      `: found ${described(training)}, expected a section. To choose a config, write 'training: NAME' under defaults`,
    );
  }
  return ["acquisition_model", "successor_model"].reduce((tree, model) => {
    const node = tree.entries.get(model);
    if (node?.kind !== "section" && !isEmpty(node)) return tree;
    const own = get(node, ["training"]);
    return put(tree, [model, "training"], own?.kind === "section" ? merge(training, own) : training);
  }, part);
}

const choiceKey = (group: string, at: string | undefined) => (at === undefined ? group : `${group}@${at}`);

/** A name as it is written in a folder of configs; a leading '/' counts from the top. */
function within(folder: string, name: string): string {
  const clean = name.replace(/\.yaml$/, "");
  if (clean.startsWith("/")) return clean.slice(1);
  return folder === "" ? clean : `${folder}/${clean}`;
}

/** Where a config's keys stand: at the key its folder names, unless a package says another. */
function mountOf(
  place: { readonly folder: string; readonly mount: readonly string[] },
  folder: string,
  at: string | undefined,
): string[] {
  if (at === "_here_") return [...place.mount];
  if (at !== undefined) {
    const [first, ...rest] = at.split(".");
    return first === "_global_" ? rest : [...place.mount, ...at.split(".")];
  }
  const deeper = folder === place.folder
    ? ""
    : folder.slice(folder.startsWith(`${place.folder}/`) ? place.folder.length + 1 : 0);
  return deeper === "" ? [...place.mount] : [...place.mount, ...deeper.split("/")];
}

export function missingConfig(name: string, origin: Origin, library: ConfigLibrary): InputError {
  const folder = name.includes("/") ? name.slice(0, name.lastIndexOf("/") + 1) : "";
  const beside = (library.names ?? []).filter((each) =>
    each.startsWith(folder) && !each.slice(folder.length).includes("/")
  );
  const near = nearest(name, beside) ?? nearest(name, library.names ?? []);
  const advice = near ? `. Did you mean ${near}?` : beside.length > 0 ? `. There are: ${beside.join(", ")}` : "";
  return configError(`${origin.place}: there is no config '${name}'${advice}`);
}
