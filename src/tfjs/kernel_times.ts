import { BufferUsage, MapMode } from "../gpu/usage.ts";
import type { PupilBackend } from "./backend.ts";

/** What one kernel, stock or own, had to do with some work. */
export interface KernelTime {
  readonly kernel: string;
  /** How often it ran; 0 for what only a larger operation records. */
  readonly calls: number;
  /** Milliseconds on the GPU; null where the device has no timestamps. */
  readonly gpuMs: number | null;
}

/** As many queries as WebGPU lets a set have, two a pass. */
const SET_PASSES = 2048;

/**
 * Runs `work` on a backend of ours and tells of each kernel how often it ran and how long the GPU took for it, the longest first.
 * Each runs in compute passes of its own meanwhile, so the whole takes longer than it does otherwise.
 *
 * @throws GpuFault where the GPU has failed
 */
export async function kernelTimes(backend: PupilBackend, work: () => void): Promise<KernelTime[]> {
  const { device, faults } = backend.gpu;
  const calls = new Map<string, number>();
  const passes: string[] = [];
  const sets: GPUQuerySet[] = [];
  const pass = (operation: string): GPUComputePassDescriptor => {
    const index = passes.push(operation) - 1;
    if (index % SET_PASSES === 0) sets.push(device.createQuerySet({ type: "timestamp", count: 2 * SET_PASSES }));
    const first = 2 * (index % SET_PASSES);
    const timestampWrites = {
      querySet: sets.at(-1)!,
      beginningOfPassWriteIndex: first,
      endOfPassWriteIndex: first + 1,
    };
    return { label: operation, timestampWrites };
  };
  const hasTimestamps = device.features.has("timestamp-query");
  backend.flush();
  backend.observer = {
    operation: (name) => calls.set(name, (calls.get(name) ?? 0) + 1),
    ...(hasTimestamps ? { pass } : {}),
  };
  try {
    work();
    backend.flush();
  } finally {
    backend.observer = undefined;
  }
  const spent = new Map<string, number>();
  try {
    const times = await faults.reading(() => readPasses(device, sets, passes.length));
    passes.forEach((operation, index) => spent.set(operation, (spent.get(operation) ?? 0) + times[index]!));
  } finally {
    for (const set of sets) set.destroy();
  }
  return [...new Set([...calls.keys(), ...spent.keys()])].map((kernel) => ({
    kernel,
    calls: calls.get(kernel) ?? 0,
    gpuMs: hasTimestamps ? spent.get(kernel) ?? 0 : null,
  })).sort((a, b) => (b.gpuMs ?? b.calls) - (a.gpuMs ?? a.calls));
}

/** What each pass took, in milliseconds. */
async function readPasses(device: GPUDevice, sets: readonly GPUQuerySet[], passes: number): Promise<number[]> {
  if (passes === 0) return [];
  const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = BufferUsage;
  const bytes = passes * 16;
  const resolved = device.createBuffer({ size: bytes, usage: QUERY_RESOLVE | COPY_SRC });
  const staging = device.createBuffer({ size: bytes, usage: MAP_READ | COPY_DST });
  try {
    const encoder = device.createCommandEncoder();
    sets.forEach((set, index) => {
      const first = index * SET_PASSES;
      encoder.resolveQuerySet(set, 0, 2 * Math.min(SET_PASSES, passes - first), resolved, first * 16);
    });
    encoder.copyBufferToBuffer(resolved, 0, staging, 0, bytes);
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(MapMode.READ);
    const nanoseconds = new BigUint64Array(staging.getMappedRange());
    return Array.from(
      { length: passes },
      (_, index) => Math.max(0, Number(nanoseconds[2 * index + 1]! - nanoseconds[2 * index]!)) / 1e6,
    );
  } finally {
    resolved.destroy();
    staging.destroy();
  }
}
