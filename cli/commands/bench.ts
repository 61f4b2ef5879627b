import { benches } from "../bench/benches.ts";
import { gpuFlags, parseArguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import { exitCode } from "../dispatch.ts";

const usage = `pupil bench kernels [KERNEL...] [--quick] [--json] [--adapter NAME] [--software]
  kernels         each WGSL kernel against the same result of stock operations, against a copy of its input, and against reading it
  KERNEL          only these, such as row_stats; all of them without
  --quick         a tenth of the measuring: fewer and shorter samples, the same shapes
  --json          one JSON document
  --adapter NAME  takes only an adapter whose name holds this
  --software      accepts a software adapter although the machine has a GPU`;

/** Measurements on this machine, stamped with the adapter. */
export const bench: Command = {
  name: "bench",
  summary: "Measure the kernels against stock operations, on this machine",
  usage,
  async run(args, io) {
    const { positionals: [target, ...names], flags } = parseArguments(args, {
      usage,
      flags: { quick: { type: "boolean" }, json: { type: "boolean" }, ...gpuFlags },
      positionals: [1, Infinity],
    });
    await benches.get(target!).run({ names, ...flags }, io);
    return exitCode.done;
  },
};
