import { type ConfigLibrary, missingConfig } from "./compose.ts";
import { configError, keyError } from "./config_error.ts";
import { type GroupChoice, splitAt } from "./defaults_list.ts";
import { isLauncherKey } from "./launcher.ts";
import { described, type Layer, merge, nest, type Node, type Section, section } from "./node.ts";
import { type Argument, joinFolded, type Override, parseOverride } from "./overrides.ts";
import { configKeys, configShape, entriesOf, type Shape } from "./shape.ts";

/** What `key=value` arguments ask for. */
export interface Arguments {
  /** Configs to choose from groups: `data=mail`. */
  readonly choices: readonly GroupChoice[];
  /** Keys to set, the last of a key in force. */
  readonly settings: Section;
  /** Keys that only concern the launcher. */
  readonly unused: readonly string[];
}

/**
 * Reads `key=value` arguments, of one layer. `group=name` chooses a config where the library has `group/name`.
 *
 * @throws InputError for what has not this form, and for a section that is set to what no config is called
 */
export async function readArguments(
  library: ConfigLibrary,
  args: readonly Argument[],
  layer: Layer,
): Promise<Arguments> {
  const choices: GroupChoice[] = [];
  const unused: string[] = [];
  let settings = section(new Map(), { layer, place: "arguments", key: "" });
  for (const override of joinFolded(args).map((argument) => parseOverride(argument, layer))) {
    const choice = isLauncherKey(override.key) ? undefined : await choiceOf(library, override);
    if (isLauncherKey(override.key)) unused.push(override.key);
    else if (choice) choices.push(choice);
    else settings = merge(settings, nest(override.key.split("."), override.value));
  }
  return { choices, settings, unused };
}

async function choiceOf(library: ConfigLibrary, { key, value, origin }: Override): Promise<GroupChoice | undefined> {
  const choice = (configs: readonly string[]): GroupChoice => {
    const [group, at] = splitAt(key);
    return { kind: "group", group, package: at, configs, override: false, optional: false, origin };
  };
  if (/[/@]/.test(key)) {
    const names = configNames(value);
    if (names) return choice(names);
    throw keyError(origin, `: found ${described(value)}, expected the name of a config of the group ${key}`);
  }
  const shape = entriesOf(configShape)?.[key];
  const isValue = shape !== undefined && entriesOf(shape) === undefined;
  if (isValue || key.includes(".") || value.kind !== "leaf") return undefined;
  if (value.value === null && shape !== undefined) {
    throw keyError(
      origin,
      `: found null, expected the name of a config of the group ${key}, or a key, such as ${example(key, shape)}`,
    );
  }
  const name = String(value.value);
  if ((await library.load(`${key}/${name}`)) !== undefined) return choice([name]);
  if (shape === undefined) return undefined;
  const missing = missingConfig(`${key}/${name}`, origin, library).message;
  throw configError(`${missing.replace(/\.?$/, "")}. A key is set like this: ${example(key, shape)}=${name}`);
}

/** The key of a section that a value which stands for the whole section is most likely meant for. */
function example(key: string, shape: Shape): string {
  return configKeys(shape, [key])[0] ?? key;
}

function configNames(value: Node): string[] | undefined {
  if (value.kind === "leaf") return value.value === null ? [] : [String(value.value)];
  if (value.kind === "section") return undefined;
  return value.items.flatMap((item) => configNames(item) ?? []);
}
