import { Interrupted, messageOf } from "../../src/errors.ts";

/** One thing that the doctor looked at. */
export interface Finding {
  /** `note`: Pupil runs all the same, but it is worth knowing. */
  readonly state: "ok" | "note" | "not ok";
  /** What was found, in one line. */
  readonly found: string;
  readonly details?: readonly string[];
  /** What to do about it, a line each. */
  readonly advice?: readonly string[];
}

/** What `look` finds; what it throws is a finding too. */
export async function attempt(what: string, look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (thrown) {
    if (thrown instanceof Interrupted) throw thrown;
    return { state: "not ok", found: `${what}: ${firstLine(thrown)}` };
  }
}

/** What was thrown, without the trace that Deno's own messages bring along. */
export function firstLine(thrown: unknown): string {
  return messageOf(thrown).split("\n")[0]!;
}

/** A finding as the terminal shows it. */
export function findingText({ state, found, details = [], advice = [] }: Finding): string {
  const below = [...details, ...advice.map((line, index) => `${index === 0 ? "to do: " : "       "}${line}`)];
  return [`${state.padEnd(6)}  ${found}`, ...below.map((line) => `${" ".repeat(8)}${line}`), ""].join("\n");
}
