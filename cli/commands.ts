import { Registry } from "../src/registry.ts";
import type { Command } from "./command.ts";
import type { CommandEntry } from "./dispatch.ts";

/** Every command, in the order of the help: `commands/NAME.ts` exports it under its own name. */
export const commands = new Registry<CommandEntry>("command", [
  entry("demo", "The whole experiment on the embedded mails: curves, REU, report"),
  entry("run", "Run the plan of a config file, or continue it"),
  entry("status", "How far each run of a plan is"),
  entry("reu", "The REU table of learning curves"),
  entry("plot", "Draw learning curves as SVG"),
  entry("report", "Write the report of a run: curves, REU, overlap, settings"),
  entry("cache", "List or clear what was fetched from the hub"),
  entry("doctor", "Check Deno, the adapter and a kernel, and say how to mend what lacks"),
  entry("bench", "Measure kernels, training and scoring against stock operations, on this machine"),
  entry("serve", "The page, in your browser: the same engine, with nothing to install there"),
  entry("test", "Run every test"),
]);

function entry(name: string, summary: string): CommandEntry {
  return {
    name,
    summary,
    async load() {
      // Deno would fetch what every command imports, tfjs too, if it could tell the file from the text of the program.
      const file = new URL(`./commands/${name}.ts`, import.meta.url).href;
      const module: Readonly<Record<string, Command>> = await import(file);
      const command = module[name];
      if (!command) throw new Error(`${file} exports no '${name}'`);
      return command;
    },
  };
}
