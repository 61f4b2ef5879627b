import type { Io } from "../command.ts";

const encoder = new TextEncoder();
const plainWidth = 100;

/** The terminal that this process was started from. */
export function terminalIo(signal: AbortSignal): Io {
  return {
    out: (text) => write(Deno.stdout, text),
    err: (text) => write(Deno.stderr, text),
    terminal: Deno.stderr.isTerminal(),
    columns: width(),
    signal,
    cwd: Deno.cwd(),
  };
}

function write(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  let rest = encoder.encode(text);
  try {
    while (rest.length > 0) rest = rest.subarray(stream.writeSync(rest));
  } catch (thrown) {
    // Whoever read our output (`head`, say) has seen enough: there is nobody left to tell.
    if (thrown instanceof Deno.errors.BrokenPipe) Deno.exit(1);
    throw thrown;
  }
}

function width(): number {
  try {
    return Deno.consoleSize().columns || plainWidth;
  } catch {
    return plainWidth;
  }
}
