import { Failure, messageOf } from "../errors.ts";
import { oneLine } from "./one_line.ts";

/** How long a failed read waits for its reason, in milliseconds. */
const GRACE = 200;

/** The GPU refused or lost something. What it would give from now on is not to be trusted. */
export class GpuFault extends Failure {}

/** What is asked for is more than the GPU's memory, or its limits, allow: less of it may work. */
export class OutOfMemory extends GpuFault {
  constructor(message: string, readonly shortage: Shortage) {
    super(message);
  }
}

export interface Shortage {
  /** The bytes of the one buffer that was refused for its size; undefined where all together are too many. */
  readonly buffer?: number;
  /** How many bytes do fit, in one buffer or in all. */
  readonly most: number;
}

/**
 * Remembers what went wrong on a device, since the GPU tells it late and elsewhere: by an event, a promise, an error scope.
 * Whoever reads a result asks here first, and so gets an exception in place of plausible zeros.
 */
export class Faults {
  #fault: GpuFault | undefined;
  readonly #pending = new Set<Promise<void>>();
  readonly #lost: Promise<void>;

  constructor(device: GPUDevice) {
    device.addEventListener("uncapturederror", (event) => {
      event.preventDefault();
      const { error } = event as GPUUncapturedErrorEvent;
      this.#report(`the GPU refused a command: ${oneLine(error.message)}`, isOfMemory(error) ? { most: 0 } : undefined);
    });
    // Also where we destroyed it: whoever still reads then gets the reason, and nobody else is told.
    this.#lost = device.lost.then((info) => this.report(`the GPU device was lost: ${oneLine(info.message)}`));
  }

  /** Remembers the first fault; later ones are its echoes. */
  report(message: string): void {
    this.#report(message);
  }

  #report(message: string, shortage?: Shortage): void {
    this.#fault ??= shortage ? new OutOfMemory(message, shortage) : new GpuFault(message);
  }

  /**
   * Takes the outcome of an error scope; `during` says what was being done, such as the operations of a submission, and `held` how many
   * bytes of buffers the GPU held before.
   */
  watch(scope: Promise<GPUError | null>, during: () => string, held = 0): void {
    const watched: Promise<void> = scope.then(
      (error) => {
        if (!error) return;
        const shortage = isOfMemory(error) ? { most: held } : undefined;
        this.#report(`the GPU failed in ${during()}: ${oneLine(error.message)}`, shortage);
      },
      (thrown) => this.report(`the GPU failed in ${during()}: ${oneLine(String(thrown))}`),
    ).finally(() => this.#pending.delete(watched));
    this.#pending.add(watched);
  }

  /** @throws GpuFault where a fault is known by now */
  check(): void {
    if (this.#fault) throw this.#fault;
  }

  /** Waits for the error scopes that are out, then checks. */
  async settle(): Promise<void> {
    await Promise.all(this.#pending);
    this.check();
  }

  /**
   * Runs a read of results.
   *
   * @throws GpuFault where the GPU has failed by its end, or gives nothing back
   */
  async reading<T>(read: () => Promise<T>): Promise<T> {
    this.check();
    try {
      return await read();
    } catch (thrown) {
      if (thrown instanceof Failure) throw thrown;
      // Browsers end the reads of a lost device a moment before they say that it is lost.
      await Promise.race([this.#lost, new Promise((resolve) => setTimeout(resolve, GRACE))]);
      throw new GpuFault(`the GPU gave nothing back: ${oneLine(messageOf(thrown))}`);
    } finally {
      // A known fault says more than what the host threw because of it.
      await this.settle();
    }
  }
}

function isOfMemory(error: GPUError): boolean {
  // By its name: not every host has the class where types can see it.
  return error.constructor.name === "GPUOutOfMemoryError";
}
