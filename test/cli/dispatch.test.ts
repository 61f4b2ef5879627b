import { describe, expect, it } from "vitest";
import { parseArguments } from "../../cli/arguments.ts";
import type { Command, Io } from "../../cli/command.ts";
import { commands } from "../../cli/commands.ts";
import { type CommandEntry, dispatch } from "../../cli/dispatch.ts";
import { Failure, InputError, Interrupted, stopIfAborted } from "../../src/errors.ts";
import { Registry } from "../../src/registry.ts";
import { FakeIo } from "./fake_io.ts";

function entry(name: string, run: Command["run"]): CommandEntry {
  const command = { name, summary: `does ${name}`, usage: `pupil ${name} FILE [--json]\n\n  --json   as JSON`, run };
  return { ...command, load: () => Promise.resolve(command) };
}

const throws = (thrown: unknown) => () => Promise.reject(thrown);

const fakes = new Registry<CommandEntry>("command", [
  entry("greet", (args, io) => {
    const flags = { json: { type: "boolean" }, output: { type: "string", short: "o" } } as const;
    const read = parseArguments(args, { usage: "pupil greet FILE [--json]\n\n  --json", flags, positionals: [1, 1] });
    io.out(JSON.stringify(read));
    return Promise.resolve(0);
  }),
  entry("refuse", throws(new InputError("mails.csv:17: no label.\nEvery training row needs one"))),
  entry("fail", throws(new Failure("no GPU adapter"))),
  entry("stop", throws(new Interrupted())),
  entry("break", throws(new TypeError("x is undefined"))),
  entry("wait", (_args, io: Io) => Promise.resolve(stopIfAborted(io.signal)).then(() => 0)),
]);

async function call(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const io = new FakeIo();
  const code = await dispatch(args, fakes, io);
  return { code, stdout: io.stdout, stderr: io.stderr };
}

describe("the command line", () => {
  it.each([[[]], [["help"]], [["--help"]], [["-h"]]])("lists the commands for %j", async (args) => {
    const { code, stdout, stderr } = await call(...args);
    expect([code, stderr]).toEqual([0, ""]);
    for (const name of fakes.names()) expect(stdout).toContain(`does ${name}`);
  });

  it.each([["greet", "--help"], ["greet", "x", "-h"], ["help", "greet"]])(
    "gives the help of a command: %s %s",
    async (...args) => {
      const { code, stdout } = await call(...args);
      expect(code).toBe(0);
      expect(stdout).toContain("Usage: pupil greet FILE [--json]");
      expect(stdout).toContain("as JSON");
    },
  );

  it("names the nearest command", async () => {
    expect(await call("gret")).toEqual({
      code: 2,
      stdout: "",
      stderr: "pupil: unknown command 'gret'. Did you mean greet?\n",
    });
    expect((await call("zzzzzz")).stderr).toMatch(/^pupil: unknown command 'zzzzzz'. There are: greet, /);
    expect((await call("help", "gret")).code).toBe(2);
    expect((await call("--json", "greet")).code).toBe(2);
  });

  it("gives each kind of error its exit code, in one or two lines without a stack", async () => {
    expect(await call("refuse")).toEqual({
      code: 2,
      stdout: "",
      stderr: "pupil: mails.csv:17: no label.\nEvery training row needs one\n",
    });
    expect(await call("fail")).toEqual({ code: 1, stdout: "", stderr: "pupil: no GPU adapter\n" });
    const stopped = await call("stop");
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toMatch(/^pupil: interrupted.*\n$/);
  });

  it("owns up to a defect, and shows its stack when asked", async () => {
    const { code, stderr } = await call("break");
    expect(code).toBe(1);
    expect(stderr).toBe("pupil: this is a defect: x is undefined\n--debug shows where it happened\n");
    expect((await call("break", "--debug")).stderr).toMatch(/x is undefined[\s\S]*at .*dispatch\.test\.ts/);
    expect((await call("refuse", "--debug")).stderr).not.toContain("at ");
  });

  it("ends with 130 once it was interrupted", async () => {
    const io = new FakeIo();
    io.interrupt();
    expect(await dispatch(["wait"], fakes, io)).toBe(130);
    expect(await dispatch(["wait"], fakes, new FakeIo())).toBe(0);
  });

  it("lists every command under its own name and summary", async () => {
    for (const { name, summary, load } of commands.entries()) {
      const command = await load();
      expect([command.name, command.summary]).toEqual([name, summary]);
      expect(command.usage).toMatch(new RegExp(`^pupil ${name}\\b`));
    }
  });
});

describe("arguments", () => {
  it("are read in any order", async () => {
    const expected = { positionals: ["mails.csv"], flags: { json: true, output: "x.svg" } };
    for (
      const args of ["mails.csv --json --output x.svg", "-o x.svg --json mails.csv", "--output=x.svg mails.csv --json"]
    ) {
      expect(JSON.parse((await call("greet", ...args.split(" "))).stdout)).toEqual(expected);
    }
    expect(JSON.parse((await call("greet", "--", "--json")).stdout)).toEqual({
      positionals: ["--json"],
      flags: { json: false },
    });
  });

  const usage = "Usage: pupil greet FILE [--json]";
  const wrong: [args: string, message: string][] = [
    ["x --jsn", "unknown flag --jsn. Did you mean --json?"],
    ["x --elephant", "unknown flag --elephant. There are: --json, --output"],
    ["x -q", "unknown flag -q. There are: --json, --output"],
    ["x --output", "--output needs a value"],
    ["x --output --json", "--output needs a value"],
    ["x --output=", "--output needs a value"],
    ["x --json=yes", "--json takes no value"],
    ["", "an argument is missing"],
    ["x y", "unexpected argument 'y'"],
  ];

  it.each(wrong)("that are wrong are refused: %s", async (args, message) => {
    const { code, stdout, stderr } = await call("greet", ...args.split(" ").filter(Boolean));
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: "", stderr: `pupil: ${message}\n${usage}\n` });
  });
});
