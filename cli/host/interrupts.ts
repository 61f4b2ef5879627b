import { exitCode } from "../dispatch.ts";

/**
 * A signal that fires at the first Ctrl-C (or SIGTERM), so that the command can end at a safe point. The second ends the
 * process where it stands.
 */
export function interrupts(): AbortSignal {
  const stopping = new AbortController();
  const interrupt = () => {
    if (stopping.signal.aborted) Deno.exit(exitCode.interrupted);
    stopping.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, interrupt);
  return stopping.signal;
}
