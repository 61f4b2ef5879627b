/** The three ways in which Pupil stops, and what each says of whose move it is. */

/** A mistake in what the user gave: a flag, a file, a config key. One or two lines: what, where, what was expected. Exit code 2. */
export class InputError extends Error {
  override readonly name = "InputError";
}

/** Something the user's input did not cause: no adapter, a lost device, an unwritable disk. Exit code 1. */
export class Failure extends Error {
  override readonly name: string = "Failure";
}

/** The user stopped the work. What is on disk is whole; unless the message says otherwise, running again continues it. Exit code 130. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  constructor(message = "interrupted; run the same command again to continue") {
    super(message);
  }
}

/** Throws {@link Interrupted} once `signal` has fired. */
export function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new Interrupted();
}

/** Reads the message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
