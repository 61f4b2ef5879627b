import { messageOf } from "../errors.ts";
import { GpuFault } from "./faults.ts";
import { KernelError } from "./kernel.ts";
import { oneLine } from "./one_line.ts";

/**
 * Runs a kernel's commands and gives what the GPU did wrong meanwhile, a lost device too, as an error that names the kernel.
 *
 * @throws KernelError
 */
export async function namingKernel<T>(kernel: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (thrown) {
    // A host throws a DOMException where a buffer cannot be made or written.
    if (!(thrown instanceof GpuFault || thrown instanceof DOMException)) throw thrown;
    const own = `the GPU failed in ${kernel}: `;
    const message = oneLine(messageOf(thrown));
    throw new KernelError(kernel, message.startsWith(own) ? `the GPU failed: ${message.slice(own.length)}` : message);
  }
}
