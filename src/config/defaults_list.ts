import { configError } from "./config_error.ts";
import { isLauncherKey } from "./launcher.ts";
import { described, type Node, type Origin, type Section, without } from "./node.ts";

/** An entry of a `defaults` list: what a config is composed of, in order; a later entry overrules an earlier one. */
export type DefaultEntry =
  /** `_self_`: the config's own keys. */
  | { readonly kind: "self" }
  /** `al_cls`: another config, at the same place. */
  | { readonly kind: "config"; readonly config: string; readonly package: string | undefined; readonly origin: Origin }
  | GroupChoice;

/** `data: mail`: a config of a group, at the key of the group, or at another (`training@acquisition_model.training: small`). */
export interface GroupChoice {
  readonly kind: "group";
  readonly group: string;
  readonly package: string | undefined;
  /** One, or several that are laid upon each other; none where the choice is null. */
  readonly configs: readonly string[];
  /** `override data: mail` replaces a choice made further down instead of making one. */
  readonly override: boolean;
  /** `optional data: mail` does nothing where there is no such config. */
  readonly optional: boolean;
  readonly origin: Origin;
}

export interface ParsedDefaults {
  readonly entries: readonly DefaultEntry[];
  /** The config without its `defaults`. */
  readonly own: Section;
  /** Entries that only concern the launcher. */
  readonly unused: readonly string[];
}

/**
 * Takes a config apart into its `defaults` list and its own keys. Where the list does not say `_self_`, the own keys come last.
 *
 * @throws InputError for an entry of no known form
 */
export function parseDefaults(config: Section): ParsedDefaults {
  const node = config.entries.get("defaults");
  const own = without(config, ["defaults"]);
  if (node === undefined || (node.kind === "leaf" && node.value === null)) {
    return { entries: [{ kind: "self" }], own, unused: [] };
  }
  if (node.kind !== "list") {
    throw configError(`${node.origin.place}: defaults must be a list, such as [al_cls, _self_]`);
  }
  const entries: DefaultEntry[] = [];
  const unused: string[] = [];
  for (const item of node.items) {
    const entry = parseEntry(item);
    if (entry.kind === "group" && isLauncherKey(entry.group)) unused.push(entry.group);
    else entries.push(entry);
  }
  if (!entries.some((entry) => entry.kind === "self")) entries.push({ kind: "self" });
  return { entries, own, unused };
}

function parseEntry(item: Node): DefaultEntry {
  if (item.kind === "leaf" && item.value === "_self_") return { kind: "self" };
  if (item.kind === "leaf" && typeof item.value === "string") {
    const [config = "", at] = splitAt(item.value);
    return { kind: "config", config, package: at, origin: item.origin };
  }
  const only = item.kind === "section" && item.entries.size === 1 ? [...item.entries][0] : undefined;
  const configs = only && namesOf(only[1]);
  const words = only?.[0].trim().split(/\s+/) ?? [];
  const [group, at] = splitAt(words.at(-1) ?? "");
  const signs = words.slice(0, -1);
  if (!configs || !group || signs.some((sign) => sign !== "override" && sign !== "optional")) {
    throw configError(
      `${item.origin.place}: found ${described(item)} in defaults, expected a config's name, 'group: name', or _self_`,
    );
  }
  const [override, optional] = [signs.includes("override"), signs.includes("optional")];
  return { kind: "group", group, package: at, configs, override, optional, origin: item.origin };
}

function namesOf(node: Node): string[] | undefined {
  if (node.kind === "leaf") return node.value === null ? [] : typeof node.value === "string" ? [node.value] : undefined;
  if (node.kind === "section") return undefined;
  const names = node.items.map(namesOf);
  return names.every((name) => name?.length === 1) ? names.flatMap((name) => name ?? []) : undefined;
}

/** "training@a.b" as ["training", "a.b"]. */
export function splitAt(reference: string): [string, string | undefined] {
  const at = reference.indexOf("@");
  return at < 0 ? [reference, undefined] : [reference.slice(0, at), reference.slice(at + 1)];
}
