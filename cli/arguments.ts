import { parseArgs } from "node:util";
import { InputError } from "../src/errors.ts";
import { suggest } from "../src/registry.ts";

export interface Flag {
  readonly type: "string" | "boolean";
  /** One letter, for `-o FILE` beside `--output FILE`. */
  readonly short?: string;
}

export type Flags = Readonly<Record<string, Flag>>;

/** A flag that was not given is undefined, a boolean one false. */
export type FlagValues<F extends Flags> = {
  readonly [Name in keyof F]: F[Name]["type"] extends "boolean" ? boolean : string | undefined;
};

export interface Arguments<F extends Flags> {
  readonly positionals: readonly string[];
  readonly flags: FlagValues<F>;
}

export interface Shape<F extends Flags> {
  /** The command's usage; the first line goes into messages. */
  readonly usage: string;
  readonly flags: F;
  /** How many positional arguments there may be: [least, most]. */
  readonly positionals: readonly [number, number];
}

/** What every command that needs a GPU takes besides its own flags. */
export const gpuFlags = { adapter: { type: "string" }, software: { type: "boolean" } } as const satisfies Flags;

/**
 * Reads a command's arguments.
 *
 * @throws InputError on an unknown flag (naming the nearest), a flag without its value or with one it does not take, and
 * too few or too many positional arguments
 */
export function parseArguments<const F extends Flags>(args: readonly string[], shape: Shape<F>): Arguments<F> {
  const refuse = (what: string) => new InputError(`${what}\nUsage: ${shape.usage.split("\n")[0]}`);
  const { tokens, positionals } = parseArgs({
    args: [...args],
    options: shape.flags,
    allowPositionals: true,
    // The parser's own strict mode throws a TypeError without the nearest name.
    strict: false,
    tokens: true,
  });

  const values: Record<string, string | boolean | undefined> = {};
  for (const [name, { type }] of Object.entries(shape.flags)) values[name] = type === "boolean" ? false : undefined;
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const flag = Object.hasOwn(shape.flags, token.name) ? shape.flags[token.name] : undefined;
    if (!flag) throw refuse(`unknown flag ${token.rawName}. ${flagHint(token.rawName, Object.keys(shape.flags))}`);
    if (flag.type === "boolean") {
      if (token.value !== undefined) throw refuse(`${token.rawName} takes no value`);
      values[token.name] = true;
    } else {
      const looksLikeFlag = !token.inlineValue && token.value?.startsWith("-");
      if (!token.value || looksLikeFlag) throw refuse(`${token.rawName} needs a value`);
      values[token.name] = token.value;
    }
  }

  const [least, most] = shape.positionals;
  if (positionals.length < least) {
    throw refuse(positionals.length === 0 ? "an argument is missing" : "too few arguments");
  }
  if (positionals.length > most) throw refuse(`unexpected argument '${positionals[most]}'`);
  return { positionals, flags: values as FlagValues<F> };
}

function flagHint(written: string, names: readonly string[]): string {
  return names.length === 0 ? "This command takes no flags" : suggest(written, names.map((name) => `--${name}`));
}
