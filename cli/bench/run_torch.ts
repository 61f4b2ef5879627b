import { fileURLToPath } from "node:url";
import { parseTorchTimes, type TorchTimes, type TorchWish } from "../../bench/peers/torch_times.ts";
import { Failure, Interrupted } from "../../src/errors.ts";

/** The program that the launcher allows this command where it has PyTorch. */
export const PYTHON = "python3";

/** Whether a process may be started, and so, by the launcher's rule, whether PyTorch is there. */
export function mayRunPython(): boolean {
  return Deno.permissions.querySync({ name: "run", command: PYTHON }).state === "granted";
}

/**
 * PyTorch's times for the same shapes, where it is installed.
 *
 * @returns the reason, in a line, where there are none
 * @throws Interrupted where the signal has fired
 */
export async function runTorch(
  wish: TorchWish,
  signal: AbortSignal,
  python = PYTHON,
): Promise<TorchTimes | { readonly skipped: string }> {
  if (!(await hasTorch(python))) return { skipped: `PyTorch is not measured: ${python} with torch is not installed` };
  const script = fileURLToPath(new URL("../../bench/peers/torch_bert.py", import.meta.url));
  const { code, stdout, stderr } = await call(
    python,
    [script, JSON.stringify(wish)],
    signal,
  );
  if (signal.aborted) throw new Interrupted("interrupted; a bench keeps nothing, and begins anew");
  if (code !== 0) return { skipped: `PyTorch is not measured: ${lastLine(stderr) || `${python} ended with ${code}`}` };
  try {
    return parseTorchTimes(stdout, wish);
  } catch (thrown) {
    if (thrown instanceof Failure) return { skipped: `PyTorch is not measured: ${thrown.message}` };
    throw thrown;
  }
}

/** Looks for the package without loading it, which takes seconds. */
async function hasTorch(python: string): Promise<boolean> {
  const look = "import importlib.util, sys; sys.exit(importlib.util.find_spec('torch') is None)";
  try {
    return (await call(python, ["-c", look])).code === 0;
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound || thrown instanceof Deno.errors.NotCapable) return false;
    throw thrown;
  }
}

async function call(python: string, args: readonly string[], signal?: AbortSignal) {
  const command = new Deno.Command(python, {
    args: ["-B", ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    ...(signal ? { signal } : {}),
  });
  const { code, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)!.trim();
}
