/** A program that is stopped by interrupts.test.ts: `wait` ends when asked to, `busy` does not listen. */
import type { Command } from "../../../cli/command.ts";
import { type CommandEntry, dispatch } from "../../../cli/dispatch.ts";
import { interrupts } from "../../../cli/host/interrupts.ts";
import { terminalIo } from "../../../cli/host/terminal.ts";
import { Interrupted } from "../../../src/errors.ts";
import { Registry } from "../../../src/registry.ts";

function entry(name: string, run: Command["run"]): CommandEntry {
  return { name, summary: "", load: () => Promise.resolve({ name, summary: "", usage: name, run }) };
}

const commands = new Registry<CommandEntry>("command", [
  entry("wait", (_args, io) =>
    new Promise((_resolve, reject) => {
      io.signal.addEventListener("abort", () => {
        io.out("journal closed\n");
        reject(new Interrupted());
      });
      io.out("ready\n");
    })),
  entry("busy", (_args, io) =>
    new Promise(() => {
      io.signal.addEventListener("abort", () => io.out("asked\n"));
      io.out("ready\n");
    })),
]);

Deno.exit(await dispatch(Deno.args, commands, terminalIo(interrupts())));
