import type { Gpu } from "../../src/gpu/device.ts";

type Limit = "maxStorageBufferBindingSize" | "maxBufferSize";

/**
 * A GPU that says that it binds, and makes, no larger buffers, and refuses those that are. A real device cannot be asked for less than
 * WebGPU's defaults.
 */
export function withLowLimits(gpu: Gpu, low: Readonly<Partial<Record<Limit, number>>>): Gpu {
  const { device } = gpu;
  const limits = proxyOf(device.limits, (name) => low[name as Limit]);
  const refuse = (what: string, size: number, limit: Limit) => {
    if (size > limits[limit]) throw new Error(`${what} of ${size} bytes is over ${limit}, ${limits[limit]}`);
  };
  const own: Record<string | symbol, unknown> = {
    limits,
    createBuffer(descriptor: GPUBufferDescriptor) {
      refuse("a buffer", descriptor.size, "maxBufferSize");
      return device.createBuffer(descriptor);
    },
    createBindGroup(descriptor: GPUBindGroupDescriptor) {
      for (const { resource } of descriptor.entries) {
        if (!("buffer" in resource)) continue;
        const size = resource.size ?? resource.buffer.size - (resource.offset ?? 0);
        refuse(`a binding of ${descriptor.label}`, size, "maxStorageBufferBindingSize");
      }
      return device.createBindGroup(descriptor);
    },
  };
  const lowered = proxyOf(device, (name) => own[name]);
  return {
    ...gpu,
    device: lowered,
    pipelines: proxyOf(gpu.pipelines, (name) => name === "device" ? lowered : undefined),
  };
}

/** The same object, but for what `own` gives; methods still belong to it, as a host's objects require. */
export function proxyOf<T extends object>(target: T, own: (name: string | symbol) => unknown): T {
  return new Proxy(target, {
    get(_target, name) {
      const given = own(name);
      if (given !== undefined) return given;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
