import type { Gpu } from "../../src/gpu/device.ts";
import type { Clock } from "../../src/host.ts";
import type { Finding } from "./finding.ts";

const TIMES = 15;

/** How long the way to the GPU and back takes when there is nothing to do: every read of a result waits that long. */
export async function submissionFinding({ device }: Gpu, clock: Clock): Promise<Finding> {
  const times: number[] = [];
  for (let time = 0; time < TIMES; time++) {
    const began = clock.now();
    device.queue.submit([device.createCommandEncoder().finish()]);
    await device.queue.onSubmittedWorkDone();
    times.push(clock.now() - began);
  }
  const median = times.sort((a, b) => a - b)[(TIMES - 1) / 2]!;
  return { state: "ok", found: `an empty submission takes ${median.toFixed(2)} ms (median of ${TIMES})` };
}
