import { Interrupted } from "../../src/errors.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { useStock } from "../../src/tfjs/stock.ts";
import { measureModel, type ModelMeasuring, type ModelRow } from "./measure_model.ts";
import { effortOf, type ModelShape } from "./model_shape.ts";

/** What happens while models are measured, in order. */
export type ModelBenchEvent =
  /** One shape begins. `done` is what is behind, as a share of all that is to be done. */
  | { readonly kind: "measuring"; readonly shape: ModelShape; readonly done: number }
  | { readonly kind: "row"; readonly shape: ModelShape; readonly row: ModelRow };

export interface ModelBench extends ModelMeasuring {
  readonly shapes: readonly ModelShape[];
}

/** Measures the shapes one after the other, in one run on one device. */
export async function* benchModels(
  gpu: Gpu,
  { shapes, ...measuring }: ModelBench,
): AsyncGenerator<ModelBenchEvent, void> {
  const ours = await useGpu(gpu);
  const all = shapes.reduce((sum, shape) => sum + effortOf(shape), 0);
  let done = 0;
  for (const shape of shapes) {
    if (measuring.signal.aborted) throw new Interrupted("interrupted; a bench keeps nothing, and begins anew");
    yield { kind: "measuring", shape, done: done / all };
    // A fresh one each time: the stock backend gives no memory back.
    const stock = await useStock(gpu);
    yield { kind: "row", shape, row: await measureModel({ ours, stock }, shape, measuring) };
    done += effortOf(shape);
  }
}
