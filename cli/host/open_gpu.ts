import { requestAdapter, SoftwareRefused } from "../../src/gpu/adapter.ts";
import { type Gpu, openDevice } from "../../src/gpu/device.ts";
import { InputError } from "../../src/errors.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import { denoClock } from "./deno_clock.ts";
import { DenoFiles } from "./deno_files.ts";
import { environment } from "./environment.ts";
import { chooseVariants } from "./product_variants.ts";
import { realGpu } from "./real_gpu.ts";

export interface GpuChoice {
  readonly adapter: string | undefined;
  readonly software: boolean;
}

/** Opens the GPU and makes it the one that tensors live on; else as {@link openTunedDevice}. */
export async function openGpu(choice: GpuChoice): Promise<Gpu> {
  const gpu = await openTunedDevice(choice);
  await useGpu(gpu);
  return gpu;
}

/** Opens the GPU and sees which matrix product is the fastest on it, where that is not known yet; else as {@link openOwnDevice}. */
export async function openTunedDevice(choice: GpuChoice): Promise<Gpu> {
  const gpu = await openOwnDevice(choice);
  const folder = environment("PUPIL_CACHE");
  await chooseVariants(gpu, {
    wanted: environment("PUPIL_MATMUL"),
    cache: folder === undefined ? undefined : new DenoFiles(folder),
    now: () => denoClock.now(),
  });
  return gpu;
}

/**
 * Opens the GPU.
 *
 * @throws InputError where a real GPU is present but only a software adapter was found, and `--software` was not given
 * @throws Failure where there is no adapter
 */
export async function openOwnDevice({ adapter: named, software }: GpuChoice): Promise<Gpu> {
  const present = realGpu();
  try {
    const adapter = await requestAdapter(navigator.gpu, {
      software,
      ...(named === undefined ? {} : { named }),
      ...(present === undefined ? {} : { present }),
    });
    return await openDevice(adapter);
  } catch (thrown) {
    // Exit code 2: the user decides, by installing the driver or by a flag.
    throw thrown instanceof SoftwareRefused ? new InputError(thrown.message) : thrown;
  }
}
