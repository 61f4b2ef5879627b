/** A program for real_gpu.test.ts: what Deno learns of the GPU under the permissions it is given. */
import { realGpu } from "../../../cli/host/real_gpu.ts";

Deno.stdout.writeSync(new TextEncoder().encode(String(realGpu())));
