import { InputError } from "../errors.ts";
import { appendText, type Files } from "../host.ts";
import type { JournalEvent } from "./journal_events.ts";
import { readJournal } from "./read_journal.ts";

type EventOf<K extends JournalEvent["event"]> = Extract<JournalEvent, { event: K }>;

/** A run's journal: what was recorded before, to be replayed, and the place to record what follows. */
export class Journal {
  #at = 0;

  private constructor(
    readonly files: Files,
    readonly path: string,
    readonly past: readonly JournalEvent[],
    /** Whether a last line that a crash had cut short was dropped. */
    readonly torn: boolean,
  ) {}

  /** Reads what there is. A torn last line is cut off the file, so that the next line begins where it should. */
  static async open(files: Files, path: string): Promise<Journal> {
    const bytes = await files.read(path);
    if (!bytes) return new Journal(files, path, [], false);
    const { events, torn } = readJournal(bytes, files.describe(path));
    const whole = bytes.lastIndexOf(0x0a) + 1;
    if (torn) await files.truncate(path, whole);
    else if (whole < bytes.length) await appendText(files, path, "\n");
    return new Journal(files, path, events, torn);
  }

  /** Adds an event; it is on the disk when this resolves. */
  record(event: JournalEvent): Promise<void> {
    return appendText(this.files, this.path, JSON.stringify(event) + "\n");
  }

  /** What is recorded next; undefined where all has been replayed. */
  get next(): JournalEvent | undefined {
    return this.past[this.#at];
  }

  /** @throws InputError where something recorded was not replayed */
  requireReplayed(): void {
    if (this.next) throw this.#foreign(this.#at + 1, "more is recorded than this plan has rounds");
  }

  /**
   * The next recorded event, which must be of this kind and round; undefined where nothing more is recorded.
   *
   * @throws InputError where another event stands there: the journal is not of this plan
   */
  take<K extends JournalEvent["event"]>(kind: K, round: number): EventOf<K> | undefined {
    const next = this.next;
    if (!next) return undefined;
    if (next.event !== kind || next.round !== round) {
      const why = `'${next.event}' of round ${next.round} stands where '${kind}' of round ${round} belongs`;
      throw this.#foreign(this.#at + 1, why);
    }
    this.#at++;
    return next as EventOf<K>;
  }

  /** What to throw where the event that was taken last does not belong to this plan. */
  mismatch(why: string): InputError {
    return this.#foreign(this.#at, why);
  }

  #foreign(line: number, why: string): InputError {
    return new InputError(
      `${
        this.files.describe(this.path)
      }:${line}: ${why}\nThis journal was not written by this plan on these data; use another --out`,
    );
  }
}
