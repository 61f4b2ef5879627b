import { sizesOf } from "../../bench/models/model_shape.ts";
import { training } from "../../bench/models/training.ts";
import { modelBench } from "./models.ts";
import { mayRunPython, runTorch } from "./run_torch.ts";

export const train = modelBench(training, async (gpu, shapes, seconds, signal) => {
  if (!mayRunPython()) return { skipped: "PyTorch is not measured: python3 with torch is not installed" };
  return await runTorch({ shapes: shapes.map(sizesOf), device: gpu.software ? "cpu" : "cuda", seconds }, signal);
});
