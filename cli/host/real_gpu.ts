import { environment } from "./environment.ts";

/**
 * The GPU that this machine was given, such as "NVIDIA (/dev/nvidiactl)", as the launcher saw it: Deno itself may look at
 * devices only with every permission. Undefined where there is none, or Deno was started without the launcher.
 */
export function realGpu(): string | undefined {
  return environment("PUPIL_GPU");
}
