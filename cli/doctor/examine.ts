import { stopIfAborted } from "../../src/errors.ts";
import { type Gpu, openDevice } from "../../src/gpu/device.ts";
import type { Clock, Files } from "../../src/host.ts";
import type { GpuChoice } from "../host/open_gpu.ts";
import { adapterFinding, findAdapter } from "./adapter.ts";
import { attempt, type Finding, firstLine } from "./finding.ts";
import { kernelCases, kernelFinding } from "./kernel_check.ts";
import { limitsFinding } from "./limits.ts";
import type { Machine } from "./machine.ts";
import { softwareFinding, systemFinding } from "./software.ts";
import { submissionFinding } from "./submission.ts";
import { lookForVulkan, vulkanFinding } from "./vulkan.ts";

export interface ExamineServices {
  /** The project's own files. */
  readonly assets: Files;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}

/** Looks at all that Pupil needs, in an order in which each finding explains the next; ends early where there is no device. */
export async function* examine(
  machine: Machine,
  choice: GpuChoice,
  { assets, clock, signal }: ExamineServices,
): AsyncGenerator<Finding> {
  yield await softwareFinding(machine, assets);
  yield await systemFinding(machine);
  const vulkan = machine.os === "linux" ? await lookForVulkan(machine) : undefined;
  const found = await findAdapter(machine, choice);
  if (vulkan) yield vulkanFinding(vulkan, found.adapter !== undefined);
  yield adapterFinding(found, machine, choice, vulkan);
  if (!found.adapter) return;

  let gpu: Gpu;
  try {
    gpu = await openDevice(found.adapter);
  } catch (thrown) {
    yield await attempt("device", () => Promise.reject(thrown));
    return;
  }
  yield limitsFinding(gpu.device.limits);
  for (const kernelCase of kernelCases) {
    stopIfAborted(signal);
    yield await attempt("kernel row_stats", () => kernelFinding(gpu, kernelCase));
  }
  stopIfAborted(signal);
  yield await attempt("training", () => trainAndScore(gpu, assets));
  stopIfAborted(signal);
  yield await attempt("submission", () => submissionFinding(gpu, clock));
}

/** Loads TensorFlow.js only here: where it cannot be fetched, that is a finding and not the end. */
async function trainAndScore(gpu: Gpu, assets: Files): Promise<Finding> {
  let check: typeof import("./training_check.ts");
  try {
    check = await import("./training_check.ts");
  } catch (thrown) {
    return {
      state: "not ok",
      found: `TensorFlow.js does not load: ${firstLine(thrown)}`,
      advice: ["see to the network, or let NPM_CONFIG_REGISTRY name a mirror of npm that this machine reaches"],
    };
  }
  return await check.trainingFinding(gpu, assets);
}
