import { adapterName, isSoftware } from "./adapter.ts";
import { Faults } from "./faults.ts";
import { Pipelines } from "./pipelines.ts";

/** A device that is ours: with all that its adapter can do, its compiled pipelines, and a memory of its faults. */
export interface Gpu {
  readonly device: GPUDevice;
  readonly info: GPUAdapterInfo;
  /** The adapter's name, for every figure that is measured on it. */
  readonly name: string;
  readonly software: boolean;
  readonly pipelines: Pipelines;
  readonly faults: Faults;
}

/** Opens a device with the adapter's own limits, which are higher than the defaults that WebGPU would give. */
export async function openDevice(adapter: GPUAdapter): Promise<Gpu> {
  const device = await adapter.requestDevice({
    label: "pupil",
    requiredLimits: limitsOf(adapter),
    requiredFeatures: adapter.features.has("timestamp-query") ? ["timestamp-query"] : [],
  });
  return {
    device,
    info: adapter.info,
    name: adapterName(adapter.info),
    software: isSoftware(adapter.info),
    pipelines: new Pipelines(device),
    faults: new Faults(device),
  };
}

function limitsOf(adapter: GPUAdapter): Record<string, number> {
  const limits: Record<string, number> = {};
  // Limits are accessors of the prototype in both hosts, so `for in` and not Object.keys.
  for (const name in adapter.limits) {
    const value = adapter.limits[name as keyof GPUSupportedLimits];
    if (typeof value === "number") limits[name] = value;
  }
  return limits;
}
