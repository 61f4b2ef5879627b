/** Loads the model in the folder that it is given, in a process of its own; prints what that took of the host's memory, in bytes. */
import { DenoFiles } from "../../cli/host/deno_files.ts";
import { readCheckpoint } from "../../src/models/checkpoint.ts";

/** The most that this process has held so far. */
function mostHeld(): number {
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(Deno.readTextFileSync("/proc/self/status"))!;
  return Number(kibibytes) * 1024;
}

const before = mostHeld();
const { values } = await readCheckpoint(new DenoFiles(Deno.args[0]!));
const bytes = [...values.values()].reduce((sum, each) => sum + each.byteLength, 0);
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify({ held: mostHeld() - before, bytes })));
