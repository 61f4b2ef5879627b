import { benchModels, type ModelBench } from "../../bench/models/bench_models.ts";
import { full, quick } from "../../bench/models/efforts.ts";
import { halfTable } from "../../bench/models/half_table.ts";
import type { ModelRow } from "../../bench/models/measure_model.ts";
import { type ModelShape, sizesOf } from "../../bench/models/model_shape.ts";
import { kernelsTable, modelTable, type ModelTableRow } from "../../bench/models/model_table.ts";
import { modelShapes } from "../../bench/models/shapes.ts";
import type { Work } from "../../bench/models/work.ts";
import type { TorchTimes } from "../../bench/peers/torch_times.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import type { Registry } from "../../src/registry.ts";
import { denoClock } from "../host/deno_clock.ts";
import { openTunedDevice } from "../host/open_gpu.ts";
import { StatusLine } from "../run/status_line.ts";
import type { Bench } from "./bench.ts";
import { follow, type Step } from "./follow.ts";

/** PyTorch's times for shapes, or the line that says why there are none. */
export type Peer = (
  gpu: Gpu,
  shapes: readonly ModelShape[],
  seconds: number,
  signal: AbortSignal,
) => Promise<TorchTimes | { readonly skipped: string }>;

/** A bench of whole models: our engine against the stock one, and a peer where there is one. */
export function modelBench(work: Work, peer?: Peer, known: Registry<ModelShape> = modelShapes): Bench {
  return {
    name: work.name,
    hasKernels: true,
    hasStorage: work.hasStorage,
    async run({ names, quick: isQuick, json, kernels, halves = false, ...choice }, io) {
      const shapes = names.length === 0 ? known.entries() : names.map((name) => known.get(name));
      const gpu = await openTunedDevice(choice);
      const adapter = `${gpu.name}${gpu.software ? ", a software adapter" : ""}`;
      const progress = new StatusLine(io);
      progress.line(`measuring a ${work.unit} of ${shapes.map(({ name }) => name).join(", ")} on ${adapter}`);
      const now = () => denoClock.now();
      const effort = isQuick ? quick : full;
      const measured = await follow(
        steps(gpu, { shapes, work, halves, effort, signal: io.signal, now }),
        progress,
        now,
      );
      progress.status("PyTorch, for comparison");
      const torch = await peer?.(gpu, shapes, effort.budget / 1000, io.signal).finally(() => progress.clear());
      if (torch && "skipped" in torch) progress.line(torch.skipped);
      const times = torch && "rows" in torch ? torch : undefined;
      const rows = measured.map((row, index): ModelTableRow => ({ ...row, torch_ms: times?.rows[index]?.ms ?? null }));
      if (json) {
        const stamp = { adapter: gpu.name, software: gpu.software, quick: isQuick };
        const { version, device, threads } = times ?? {};
        const document = { ...stamp, rows, torch: times ? { version, device, threads } : null };
        io.out(JSON.stringify(document, null, 2) + "\n");
        return;
      }
      const tables = [
        modelTable(rows, work, io.columns),
        ...(times ? [`PyTorch ${times.version}, eager, on ${times.device}, ${times.threads} threads\n`] : []),
        ...(halves ? [halfTable(rows.map((row) => ({ ...row, float16: row.float16! })), io.columns)] : []),
        ...(kernels ? rows.map((row) => kernelsTable(row, io.columns)) : []),
      ];
      io.out(`${adapter}\n\n${tables.join("\n")}`);
    },
  };
}

async function* steps(gpu: Gpu, bench: ModelBench): AsyncGenerator<Step<ModelRow>> {
  for await (const event of benchModels(gpu, bench)) {
    const { name } = event.shape;
    yield event.kind === "row"
      ? { row: event.row, line: `${name}: ${event.row.ratio.toFixed(2)} times faster than stock` }
      : { what: `${name} [${sizesOf(event.shape).join(", ")}]`, done: event.done };
  }
}
