import { join } from "node:path";
import { Failure, InputError, stopIfAborted } from "../../src/errors.ts";
import { parseArguments } from "../arguments.ts";
import type { Command, Io } from "../command.ts";
import { add, type Count, countVitest, nothing, summaryLine } from "../test_count.ts";

const root = join(import.meta.dirname!, "../..");
const chromium = "/usr/bin/chromium";

const checks = [
  { title: "format", args: ["fmt", "--check"] },
  { title: "lint", args: ["lint"] },
  { title: "types", args: ["check", "."] },
] as const;

/** Runs the checks and every test; the last line is `N passed, N failed` over both hosts. */
export const test: Command = {
  name: "test",
  summary: "Run every test",
  usage: `pupil test [FILTER ...]

Checks format, lint and types, then runs the tests under Deno and, where ${chromium} exists, those that need a
GPU a second time in Chromium, and the whole page in it.

  FILTER   only test files whose path contains it; the checks are then left out`,

  async run(args, io) {
    const { positionals: filters } = parseArguments(args, { usage: test.usage, flags: {}, positionals: [0, Infinity] });
    let total = nothing;
    if (filters.length === 0) { for (const check of checks) total = add(total, await runCheck(check, io)); }
    total = add(total, await runVitest("deno", filters, io));
    if (await exists(chromium)) {
      for (const project of ["chromium*", "page", "alone"]) total = add(total, await runVitest(project, filters, io));
    } else {io.err(
        `pupil: the tests in Chromium are left out: there is no ${chromium}. On Debian: apt-get install chromium\n`,
      );}
    if (total.passed + total.failed + total.skipped === 0) {
      throw new InputError(`no test file matches ${filters.join(" or ")}`);
    }
    io.out(`${summaryLine(total)}\n`);
    return total.failed === 0 ? 0 : 1;
  },
};

/** One of the checks; counts as one test. */
async function runCheck({ title, args }: (typeof checks)[number], io: Io): Promise<Count> {
  io.out(`\n${title}: deno ${args.join(" ")}\n`);
  const success = await runDeno(args, io);
  return { ...nothing, [success ? "passed" : "failed"]: 1 };
}

/** One project of vitest.config.ts. Vitest prints for people and writes a JSON file for the count. */
async function runVitest(project: string, filters: readonly string[], io: Io): Promise<Count> {
  io.out(`\ntests: ${project}\n`);
  const folder = await Deno.makeTempDir({ prefix: "pupil-test-" });
  try {
    const results = join(folder, "results.json");
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${results}`];
    const success = await runDeno([
      "task",
      "test",
      `--project=${project}`,
      "--passWithNoTests",
      ...reporters,
      ...filters,
    ], io);
    return countVitest(await readIfThere(results), success);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function runDeno(args: readonly string[], io: Io): Promise<boolean> {
  stopIfAborted(io.signal);
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(Deno.execPath(), { args: [...args], cwd: root, stdin: "null" }).spawn();
  } catch (thrown) {
    throw new Failure(`cannot start ${Deno.execPath()}: ${thrown}`);
  }
  const { success } = await child.status;
  stopIfAborted(io.signal);
  return success;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return undefined;
    throw thrown;
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
