import { benchKernels, type KernelBench } from "../../bench/kernels/bench_kernels.ts";
import { kernelCases } from "../../bench/kernels/cases.ts";
import { kernelTable, shapeText } from "../../bench/kernels/kernel_table.ts";
import type { KernelRow } from "../../bench/kernels/measure_case.ts";
import { full, quick } from "../../bench/efforts.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { denoClock } from "../host/deno_clock.ts";
import { openOwnDevice } from "../host/open_gpu.ts";
import { StatusLine } from "../run/status_line.ts";
import type { Bench } from "./bench.ts";
import { follow, type Step } from "./follow.ts";

export const kernels: Bench = {
  name: "kernels",
  async run({ names, quick: isQuick, json, ...choice }, io) {
    const cases = names.length === 0 ? kernelCases.entries() : names.map((name) => kernelCases.get(name));
    const gpu = await openOwnDevice(choice);
    const adapter = `${gpu.name}${gpu.software ? ", a software adapter" : ""}`;
    const progress = new StatusLine(io);
    progress.line(`measuring kernels on ${adapter}`);
    const now = () => denoClock.now();
    const effort = isQuick ? quick : full;
    const rows = await follow(steps(gpu, { cases, effort, signal: io.signal, now }), progress, now);
    io.out(
      json
        ? JSON.stringify({ adapter: gpu.name, software: gpu.software, quick: isQuick, rows }, null, 2) + "\n"
        : `${adapter}\n\n${kernelTable(rows, io.columns)}`,
    );
  },
};

async function* steps(gpu: Gpu, bench: KernelBench): AsyncGenerator<Step<KernelRow>> {
  for await (const event of benchKernels(gpu, bench)) {
    if (event.kind === "row") {
      const { kernel, shape, ratio } = event.row;
      yield { row: event.row, line: `${kernel} ${shapeText(shape)}: ${ratio.toFixed(1)} times faster than stock` };
    } else {
      const { kernel, shape, done, of } = event;
      yield { what: `${kernel} ${shapeText(shape)}, ${done + 1} of ${of}`, done: done / of };
    }
  }
}
