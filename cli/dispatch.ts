import { Failure, InputError, Interrupted, messageOf } from "../src/errors.ts";
import type { Registry } from "../src/registry.ts";
import type { Command, Io } from "./command.ts";

/** A command in the list: enough to name it without loading what it needs. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  load(): Promise<Command>;
}

/** Exit codes of every command. */
export const exitCode = { done: 0, failure: 1, badInput: 2, interrupted: 130 } as const;

/**
 * Runs the command that the arguments name and gives its exit code. Everything it throws becomes one or two lines on
 * stderr; a stack is shown only for a defect, and only with `--debug`.
 */
export async function dispatch(args: readonly string[], commands: Registry<CommandEntry>, io: Io): Promise<number> {
  const { debug, rest } = takeDebug(args);
  try {
    return await start(rest, commands, io);
  } catch (thrown) {
    return explain(thrown, io, debug);
  }
}

async function start(args: readonly string[], commands: Registry<CommandEntry>, io: Io): Promise<number> {
  const [first = "help", ...rest] = args;
  if (first === "--help" || first === "-h" || first === "help") {
    const named = rest.find((arg) => !arg.startsWith("-"));
    io.out(named === undefined ? listOf(commands) : helpOf(await commands.get(named).load()));
    return exitCode.done;
  }
  if (first.startsWith("-")) {
    throw new InputError(
      `the command comes first, not ${first}\nUsage: pupil COMMAND [ARGUMENTS]; pupil help lists the commands`,
    );
  }
  const command = await commands.get(first).load();
  if (asksForHelp(rest)) {
    io.out(helpOf(command));
    return exitCode.done;
  }
  return await command.run(rest, io);
}

function explain(thrown: unknown, io: Io, debug: boolean): number {
  if (thrown instanceof InputError) return say(thrown.message, io, exitCode.badInput);
  if (thrown instanceof Failure) return say(thrown.message, io, exitCode.failure);
  if (thrown instanceof Interrupted) return say(thrown.message, io, exitCode.interrupted);
  if (io.signal.aborted && thrown instanceof DOMException && thrown.name === "AbortError") {
    return say(new Interrupted().message, io, exitCode.interrupted);
  }
  const stack = thrown instanceof Error ? thrown.stack : undefined;
  const more = debug ? stack ?? "it has no stack" : "--debug shows where it happened";
  return say(`this is a defect: ${messageOf(thrown)}\n${more}`, io, exitCode.failure);
}

function say(message: string, io: Io, code: number): number {
  io.err(`pupil: ${message}\n`);
  return code;
}

function listOf(commands: Registry<CommandEntry>): string {
  const width = Math.max(...commands.names().map((name) => name.length));
  const lines = commands.entries().map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return ["Usage: pupil COMMAND [ARGUMENTS]", "", ...lines, "", "pupil COMMAND --help says more of one.", ""].join(
    "\n",
  );
}

function helpOf(command: Command): string {
  return `${command.summary}\n\nUsage: ${command.usage.trimEnd()}\n`;
}

/** What stands before a bare `--`; all after it is text, whatever it looks like. */
function beforeDashes(args: readonly string[]): readonly string[] {
  const dashes = args.indexOf("--");
  return dashes === -1 ? args : args.slice(0, dashes);
}

function asksForHelp(args: readonly string[]): boolean {
  return beforeDashes(args).some((arg) => arg === "--help" || arg === "-h");
}

function takeDebug(args: readonly string[]): { debug: boolean; rest: readonly string[] } {
  const before = beforeDashes(args);
  const kept = before.filter((arg) => arg !== "--debug");
  return { debug: kept.length < before.length, rest: [...kept, ...args.slice(before.length)] };
}
