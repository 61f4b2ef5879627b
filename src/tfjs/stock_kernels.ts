import { getKernelsForBackend, registerKernel } from "@tensorflow/tfjs-core";
// For its side effect too: it registers the stock kernels.
import "@tensorflow/tfjs-backend-webgpu";

/** The name under which the stock kernels stay as they were published, when ours takes and wraps those of "webgpu". */
export const STOCK_BACKEND = "stock-webgpu";

/** What only gives a buffer another name or shape: nothing runs on a GPU for it, so it is no call of a kernel. */
const RENAMING: ReadonlySet<string> = new Set(["Identity", "Reshape"]);

export function runsNothing(kernelName: string): boolean {
  return RENAMING.has(kernelName);
}

/** Told the name of each stock kernel that runs under {@link STOCK_BACKEND}; nobody, but for counting. */
let listener: ((kernel: string) => void) | undefined;
let kept = false;

/** Registers the stock kernels a second time under {@link STOCK_BACKEND}. Must be called before they are wrapped. */
export function keepStockKernels(): void {
  if (kept) return;
  kept = true;
  for (const config of getKernelsForBackend("webgpu")) {
    const { kernelName, kernelFunc } = config;
    registerKernel({
      ...config,
      backendName: STOCK_BACKEND,
      kernelFunc: (params) => {
        if (!runsNothing(kernelName)) listener?.(kernelName);
        return kernelFunc(params);
      },
    });
  }
}

/** Runs `work` and gives how many kernels the stock backend ran on the GPU for it. */
export function countStockKernels(work: () => void): number {
  let calls = 0;
  listener = () => calls++;
  try {
    work();
  } finally {
    listener = undefined;
  }
  return calls;
}
