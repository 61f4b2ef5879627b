import {
  engine,
  env,
  getKernelsForBackend,
  type KernelFunc,
  ready,
  registerBackend,
  registerKernel,
  removeBackend,
  setBackend,
  type TensorInfo,
  unregisterKernel,
} from "@tensorflow/tfjs-core";
// For its side effect too: it registers the stock kernels.
import "@tensorflow/tfjs-backend-webgpu";
import type { Gpu } from "../gpu/device.ts";
import { PupilBackend } from "./backend.ts";
import { registerGradients } from "./gradients.ts";
import { keepStockKernels, runsNothing } from "./stock_kernels.ts";

let kernelsNamed = false;

/**
 * Puts our backend, on our device, in place of the stock one and makes it the current backend. Kernels are looked up by the
 * name "webgpu", so ours takes that name.
 */
export async function useGpu(gpu: Gpu): Promise<PupilBackend> {
  registerGradients();
  nameKernels();
  const backend = new PupilBackend(gpu);
  removeBackend("webgpu");
  registerBackend("webgpu", () => backend, 3);
  await resumeGpu(backend);
  await ready();
  return backend;
}

/** Makes a backend that {@link useGpu} gave the current one again, after another was, and sets its flags, which all backends share. */
export async function resumeGpu({ gpu }: PupilBackend): Promise<void> {
  // Small tensors would else be computed on the CPU, and a test of them would test nothing.
  env().set("WEBGPU_CPU_FORWARD", false);
  // Longer command buffers: the stock 15 dispatches a submission make the submissions the cost.
  env().set("WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE", 64);
  // On a software adapter the packed program is the fastest at every shape; a GPU keeps the stock choice, but for split-K below.
  env().set(MATMUL_TYPE, gpu.software ? MATMUL_PACKED : MATMUL_AUTOMATIC);
  await setBackend("webgpu");
}

/** Our backend where it is the current one; undefined on any other, where operations take their composed form. */
export function currentBackend(): PupilBackend | undefined {
  const { backend } = engine();
  return backend instanceof PupilBackend ? backend : undefined;
}

const MATMUL_TYPE = "WEBGPU_MATMUL_PROGRAM_TYPE";
const MATMUL_AUTOMATIC = -1;
const MATMUL_PACKED = 3;
/** From this inner dimension on, the automatic choice may be split-K, which adds with float atomics, in no fixed order. */
const SPLIT_K_INNER = 2000;

/** Wraps each stock kernel that runs on the GPU so that the backend knows which operation it is in. */
function nameKernels(): void {
  if (kernelsNamed) return;
  kernelsNamed = true;
  keepStockKernels();
  for (const config of getKernelsForBackend("webgpu")) {
    const { kernelName } = config;
    if (runsNothing(kernelName)) continue;
    const kernelFunc = isProduct(kernelName) ? inFixedOrder(config.kernelFunc) : config.kernelFunc;
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

function isProduct(kernelName: string): boolean {
  return kernelName === "BatchMatMul" || kernelName === "_FusedMatMul";
}

/** A matrix product that never splits its inner dimension, so that it repeats to the bit. */
function inFixedOrder(product: KernelFunc): KernelFunc {
  return (params) => {
    const { shape } = (params.inputs as { a: TensorInfo }).a;
    const inner = shape.at(params.attrs?.transposeA ? -2 : -1)!;
    const chosen = env().getNumber(MATMUL_TYPE);
    if (chosen !== MATMUL_AUTOMATIC || inner < SPLIT_K_INNER) return product(params);
    env().set(MATMUL_TYPE, MATMUL_PACKED);
    try {
      return product(params);
    } finally {
      env().set(MATMUL_TYPE, MATMUL_AUTOMATIC);
    }
  };
}
