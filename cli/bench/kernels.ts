import { benchKernels } from "../../bench/kernels/bench_kernels.ts";
import { kernelCases } from "../../bench/kernels/cases.ts";
import { kernelTable, shapeText } from "../../bench/kernels/kernel_table.ts";
import type { KernelRow } from "../../bench/kernels/measure_case.ts";
import { full, quick } from "../../bench/efforts.ts";
import { denoClock } from "../host/deno_clock.ts";
import { openOwnDevice } from "../host/open_gpu.ts";
import { duration } from "../run/duration.ts";
import { StatusLine } from "../run/status_line.ts";
import type { Bench } from "./bench.ts";

export const kernels: Bench = {
  name: "kernels",
  async run({ names, quick: isQuick, json, ...choice }, io) {
    const cases = names.length === 0 ? kernelCases.entries() : names.map((name) => kernelCases.get(name));
    const gpu = await openOwnDevice(choice);
    const adapter = `${gpu.name}${gpu.software ? ", a software adapter" : ""}`;
    const progress = new StatusLine(io);
    progress.line(`measuring kernels on ${adapter}`);
    const now = () => denoClock.now();
    const began = now();
    const rows: KernelRow[] = [];
    try {
      const effort = isQuick ? quick : full;
      for await (const event of benchKernels(gpu, { cases, effort, signal: io.signal, now })) {
        if (event.kind === "row") {
          rows.push(event.row);
          const { kernel, shape, ratio } = event.row;
          progress.line(`${kernel} ${shapeText(shape)}: ${ratio.toFixed(1)} times faster than stock`);
        } else {
          const { kernel, shape, done, of } = event;
          const left = done > 0 ? `, about ${duration((now() - began) / done * (of - done))} left` : "";
          progress.status(`${kernel} ${shapeText(shape)}, ${done + 1} of ${of}${left}`);
        }
      }
    } finally {
      progress.clear();
    }
    io.out(
      json
        ? JSON.stringify({ adapter: gpu.name, software: gpu.software, quick: isQuick, rows }, null, 2) + "\n"
        : `${adapter}\n\n${kernelTable(rows, io.columns)}`,
    );
  },
};
