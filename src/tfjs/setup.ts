import {
  engine,
  env,
  getKernelsForBackend,
  ready,
  registerBackend,
  registerKernel,
  removeBackend,
  setBackend,
  unregisterKernel,
} from "@tensorflow/tfjs-core";
// For its side effect too: it registers the stock kernels.
import "@tensorflow/tfjs-backend-webgpu";
import type { Gpu } from "../gpu/device.ts";
import { PupilBackend } from "./backend.ts";
import { registerGradients } from "./gradients.ts";

let kernelsNamed = false;

/**
 * Puts our backend, on our device, in place of the stock one and makes it the current backend. Kernels are looked up by the
 * name "webgpu", so ours takes that name.
 */
export async function useGpu(gpu: Gpu): Promise<PupilBackend> {
  registerGradients();
  nameKernels();
  // Small tensors would else be computed on the CPU, and a test of them would test nothing.
  env().set("WEBGPU_CPU_FORWARD", false);
  // The automatic choice may split the inner dimension and add with float atomics, in no fixed order.
  env().set("WEBGPU_MATMUL_PROGRAM_TYPE", MATMUL_SMALL_OUTPUT);
  const backend = new PupilBackend(gpu);
  removeBackend("webgpu");
  registerBackend("webgpu", () => backend, 3);
  await setBackend("webgpu");
  await ready();
  return backend;
}

/** Our backend where it is the current one; undefined on any other, where operations take their composed form. */
export function currentBackend(): PupilBackend | undefined {
  const { backend } = engine();
  return backend instanceof PupilBackend ? backend : undefined;
}

const MATMUL_SMALL_OUTPUT = 2;

/** Wraps each stock kernel so that the backend knows which operation it is in. */
function nameKernels(): void {
  if (kernelsNamed) return;
  kernelsNamed = true;
  for (const config of getKernelsForBackend("webgpu")) {
    const { kernelName, kernelFunc } = config;
    unregisterKernel(kernelName, "webgpu");
    registerKernel({
      ...config,
      kernelFunc: (params) => {
        const backend = params.backend as PupilBackend;
        return backend.during(kernelName, () => kernelFunc(params));
      },
    });
  }
}
