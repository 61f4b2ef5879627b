import { type DataType, engine, type Tensor, type TensorInfo } from "@tensorflow/tfjs-core";
import type { Plan } from "../gpu/kernel.ts";
import type { PupilBackend, TensorRange } from "./backend.ts";

export interface OutputTensor {
  readonly name: string;
  readonly shape: number[];
  readonly dtype?: DataType;
}

/** Runs a kernel on tensors and gives its outputs as tensors, which the enclosing `tidy` owns. Not recorded on the tape. */
export function runPlan(
  backend: PupilBackend,
  plan: Plan,
  inputs: Readonly<Record<string, TensorInfo | TensorRange>>,
  outputs: readonly OutputTensor[],
): Tensor[] {
  const infos = backend.runPlan(
    plan,
    inputs,
    outputs.map(({ dtype = "float32", ...output }) => ({ ...output, dtype })),
  );
  return infos.map((info) => engine().makeTensorFromTensorInfo(info));
}
