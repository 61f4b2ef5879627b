import { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { engine, env, ready, registerBackend, removeBackend, setBackend } from "@tensorflow/tfjs-core";
import type { Gpu } from "../gpu/device.ts";
import { registerGradients } from "./gradients.ts";
import { countStockKernels, keepStockKernels, STOCK_BACKEND } from "./stock_kernels.ts";

/** What the published backend leaves to its user. */
export interface StockSettings {
  /** Whether operations on small tensors that are still with the CPU are computed there, which is the published default. */
  readonly cpuForward: boolean;
}

/** The stock backend, as published, on a device of ours: what our kernels are measured against. */
export interface StockBackend {
  /** Makes it the current backend again, after another was, and sets its flags, which all backends share. */
  resume(settings?: StockSettings): Promise<void>;
  /** Sends what is recorded to the GPU. */
  flush(): void;
  /** Runs something that makes tensors, and lets go of them at its end. */
  scope<T>(run: () => Promise<T>): Promise<T>;
  /** How many stock kernels `work` runs: on a backend of ours, `kernelCalls` counts the same. */
  count(work: () => void): number;
  /** Bytes of buffers that are held now, those that are kept for reuse among them; they are never given back. */
  bytes(): number;
}

interface Internals {
  readonly commandEncoder: GPUCommandEncoder | null;
  endComputePassEncoder(): void;
  readonly bufferManager: { readonly numBytesAllocated: number };
}

/**
 * Makes the stock WebGPU backend the current one, on this device and with its own settings, under a name of its own: a backend of
 * ours may live beside it, and be made the current one in turn by `resumeGpu`.
 */
export async function useStock(gpu: Gpu): Promise<StockBackend> {
  registerGradients();
  keepStockKernels();
  const backend = new WebGPUBackend(gpu.device as never, gpu.info as never);
  if (engine().findBackendFactory(STOCK_BACKEND)) removeBackend(STOCK_BACKEND);
  registerBackend(STOCK_BACKEND, () => backend, 2);
  const internals = backend as unknown as Internals;
  const resume = async ({ cpuForward }: StockSettings = { cpuForward: true }) => {
    env().set("WEBGPU_CPU_FORWARD", cpuForward);
    env().set("WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE", 15);
    env().set("WEBGPU_MATMUL_PROGRAM_TYPE", -1);
    await setBackend(STOCK_BACKEND);
  };
  await resume();
  await ready();
  return {
    resume,
    count: countStockKernels,
    bytes: () => internals.bufferManager.numBytesAllocated,
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
