import { OutOfMemory } from "../gpu/faults.ts";
import { TooLarge } from "../gpu/kernel.ts";

type Advice = typeof import("./memory_advice.ts");

/** What was thrown, or, where memory ran out, what `advise` makes of it. What gives advice is loaded when it is needed, which it seldom is. */
export async function advised(thrown: unknown, advise: (advice: Advice) => unknown): Promise<unknown> {
  const ranOut = thrown instanceof OutOfMemory || thrown instanceof TooLarge;
  return ranOut ? advise(await import("./memory_advice.ts")) : thrown;
}
