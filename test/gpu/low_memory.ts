import type { Gpu } from "../../src/gpu/device.ts";
import { Faults } from "../../src/gpu/faults.ts";
import { proxyOf } from "./low_limits.ts";

/** A host's own error has this name; not every host lets a page make one. */
class GPUOutOfMemoryError extends Error {}

/**
 * A GPU with so many bytes for buffers: a scope for memory in which more are asked for tells of it, as a device does. The buffers are made
 * all the same.
 */
export function withLowMemory(gpu: Gpu, most: number): Gpu {
  const { device } = gpu;
  let held = 0;
  const scopes: { readonly filter: GPUErrorFilter; isShort: boolean }[] = [];
  const own: Record<string | symbol, unknown> = {
    pushErrorScope(filter: GPUErrorFilter) {
      scopes.push({ filter, isShort: false });
      device.pushErrorScope(filter);
    },
    async popErrorScope() {
      const { filter, isShort } = scopes.pop()!;
      const error = await device.popErrorScope();
      return filter === "out-of-memory" && isShort ? new GPUOutOfMemoryError("not enough memory left") : error;
    },
    createBuffer(descriptor: GPUBufferDescriptor) {
      const buffer = device.createBuffer(descriptor);
      held += buffer.size;
      const scope = scopes.findLast(({ filter }) => filter === "out-of-memory");
      if (held > most && scope) scope.isShort = true;
      const destroy = buffer.destroy.bind(buffer);
      buffer.destroy = () => {
        held -= buffer.size;
        destroy();
      };
      return buffer;
    },
  };
  const lowered = proxyOf(device, (name) => own[name]);
  const pipelines = proxyOf(gpu.pipelines, (name) => name === "device" ? lowered : undefined);
  return { ...gpu, device: lowered, pipelines, faults: new Faults(lowered) };
}
