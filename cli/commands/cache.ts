import { InputError } from "../../src/errors.ts";
import type { CacheFiles } from "../../src/hub/cache_files.ts";
import { forget, type Kept, keptRepositories } from "../../src/hub/kept.ts";
import { suggest } from "../../src/registry.ts";
import { parseArguments } from "../arguments.ts";
import type { Command, Io } from "../command.ts";
import { exitCode } from "../dispatch.ts";
import { hubCache } from "../host/cli_hub.ts";
import { megabytes } from "../run/megabytes.ts";

const usage = `pupil cache list|clear [NAME]
  list          what was fetched from the hub, with its size
  clear         removes all of it
  clear NAME    removes one model or data set, such as bert-base-cased`;

/** What was fetched from the hub. */
export const cache: Command = {
  name: "cache",
  summary: "List or clear what was fetched from the hub",
  usage,
  async run(args, io) {
    const { positionals } = parseArguments(args, { usage, flags: {}, positionals: [1, 2] });
    const [what, name] = positionals;
    if (what !== "list" && what !== "clear") throw new InputError(`expected list or clear, not '${what}'`);
    if (what === "list" && name !== undefined) {
      throw new InputError(`list takes no name\nUsage: ${usage.split("\n")[0]}`);
    }
    const files = hubCache();
    const kept = await keptRepositories(files);
    if (what === "list") list(kept, files, io);
    else await clear(kept, files, name, io);
    return exitCode.done;
  },
};

function list(kept: readonly Kept[], files: CacheFiles, io: Io): void {
  if (kept.length === 0) {
    io.err(`nothing was fetched yet; it would be in ${files.describe("")}\n`);
    return;
  }
  const width = Math.max(...kept.map(({ id }) => id.length));
  for (const { kind, id, bytes, revisions } of kept) {
    const what = kind === "models" ? "model" : "data ";
    io.out(`${what}  ${id.padEnd(width)}  ${megabytes(bytes).padStart(8)}  ${revisions.join(", ")}`.trimEnd() + "\n");
  }
  io.err(`${megabytes(kept.reduce((sum, { bytes }) => sum + bytes, 0))} in ${files.describe("")}\n`);
}

async function clear(kept: readonly Kept[], files: CacheFiles, name: string | undefined, io: Io): Promise<void> {
  const chosen = kept.filter(({ id }) => name === undefined || id === name);
  if (name !== undefined && chosen.length === 0) {
    const names = [...new Set(kept.map(({ id }) => id))];
    throw new InputError(
      `'${name}' was not fetched. ${names.length === 0 ? "Nothing was" : suggest(name, names)}`,
    );
  }
  for (const each of chosen) await forget(files, each);
  io.err(`removed ${megabytes(chosen.reduce((sum, { bytes }) => sum + bytes, 0))}\n`);
}
