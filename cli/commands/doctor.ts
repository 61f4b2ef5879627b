import { gpuFlags, parseArguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import { exitCode } from "../dispatch.ts";
import { examine } from "../doctor/examine.ts";
import { findingText } from "../doctor/finding.ts";
import { thisMachine } from "../doctor/machine.ts";
import { assets } from "../host/assets.ts";
import { denoClock } from "../host/deno_clock.ts";

const usage = `pupil doctor [--adapter NAME] [--software]
  --adapter NAME  takes only an adapter whose name holds this
  --software      accepts a software adapter although the machine has a GPU`;

/** Says what was found of all that Pupil needs, and what to do about what lacks. Exit code 1 where Pupil cannot run. */
export const doctor: Command = {
  name: "doctor",
  summary: "Check Deno, the adapter and a kernel, and say how to mend what lacks",
  usage,
  async run(args, io) {
    const { flags } = parseArguments(args, { usage, flags: gpuFlags, positionals: [0, 0] });
    const services = { assets, clock: denoClock, signal: io.signal };
    let usable = true;
    for await (const finding of examine(thisMachine(), flags, services)) {
      io.out(findingText(finding));
      usable &&= finding.state !== "not ok";
    }
    io.out(usable ? "\nPupil can run here.\n" : "\nPupil cannot run here until what is 'not ok' above is mended.\n");
    return usable ? exitCode.done : exitCode.failure;
  },
};
