import { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { engine, ready, registerBackend, removeBackend, setBackend } from "@tensorflow/tfjs-core";
import type { Gpu } from "../gpu/device.ts";

/** The stock backend, as published, on a device of ours: what our kernels are measured against. */
export interface StockBackend {
  /** Sends what is recorded to the GPU. */
  flush(): void;
  /** Runs something that makes tensors, and lets go of them at its end. */
  scope<T>(run: () => Promise<T>): Promise<T>;
}

/**
 * Makes the stock WebGPU backend the current one, on this device and with its own settings. Not in a program that has called
 * `useGpu`, which wraps the stock kernels for a backend of ours.
 */
export async function useStock(gpu: Gpu): Promise<StockBackend> {
  const backend = new WebGPUBackend(gpu.device as never, gpu.info as never);
  removeBackend("webgpu");
  registerBackend("webgpu", () => backend, 3);
  await setBackend("webgpu");
  await ready();
  const internals = backend as unknown as { commandEncoder: GPUCommandEncoder | null; endComputePassEncoder(): void };
  return {
    flush() {
      if (!internals.commandEncoder) return;
      internals.endComputePassEncoder();
      backend.submitQueue();
    },
    async scope(run) {
      engine().startScope("stock");
      try {
        return await run();
      } finally {
        engine().endScope();
      }
    },
  };
}
