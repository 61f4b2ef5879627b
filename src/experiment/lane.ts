import type { EngineEvent } from "./events.ts";
import type { WaitingOracle } from "./waiting_oracle.ts";

/** One of several runs that go on in turns. */
export class Lane {
  /** Points of its curve so far. */
  points = 0;
  /** Whether the event that was taken last ended a turn: all that was acquired is labelled. */
  turnEnded = false;
  ended = false;
  #asked = new Set<string>();
  #next: Promise<void> | undefined;
  #event: EngineEvent | undefined;

  constructor(readonly events: AsyncGenerator<EngineEvent>, readonly oracle: WaitingOracle | undefined) {}

  /** Whether it waits for answers that may be long in coming, or for its turn once they are there. */
  get waits(): boolean {
    return this.oracle?.waits ?? false;
  }

  /** Whether it can do something with a turn. */
  get isReady(): boolean {
    return !this.waits || this.oracle!.answered;
  }

  /** Resolves when it begins to wait, or becomes ready. */
  changes(): Promise<void> {
    return this.oracle?.changes() ?? new Promise(() => {});
  }

  takeTurn(): void {
    if (this.waits) this.oracle!.goOn();
  }

  /** Resolves when there is an event to {@link take}, or the run has ended. */
  next(): Promise<void> {
    if (!this.#next) {
      this.#next = this.events.next().then(({ value, done }) => {
        this.ended = done ?? false;
        this.#event = done ? undefined : value;
      });
      // Told to whoever asks next; it may fail while nobody does.
      this.#next.catch(() => {});
    }
    return this.#next;
  }

  /** The event that has come; undefined where none has. */
  take(): EngineEvent | undefined {
    const event = this.#event;
    if (!event) return undefined;
    this.#event = undefined;
    this.#next = undefined;
    this.turnEnded = this.#endsTurn(event);
    return event;
  }

  /** Lets the run go. What it was at has been told to stop. */
  async close(): Promise<void> {
    await this.#next?.catch(() => {});
    await this.events.return(undefined);
  }

  #endsTurn(event: EngineEvent): boolean {
    if (event.kind !== "run" || event.event.kind !== "journal") return false;
    const recorded = event.event.event;
    switch (recorded.event) {
      case "evaluate":
        this.points++;
        return false;
      case "warm_start":
      case "acquire":
        this.#asked = new Set(recorded.ids);
        return this.#asked.size === 0;
      case "label":
        // A correction of an answer ends no turn.
        return this.#asked.delete(recorded.id) && this.#asked.size === 0;
      default:
        return false;
    }
  }
}
