import type { JournalEvent, Role } from "./journal_events.ts";

/** Which run an event is of. */
export interface RunKey {
  readonly experiment: string;
  readonly seed: number;
}

/** What a run says of itself: the events of its journal, and what lies between them. */
export type RunEvent =
  | {
    readonly kind: "journal";
    readonly event: JournalEvent;
    /** Recorded by an earlier process; said again so that a reader sees the whole run. */
    readonly replayed: boolean;
  }
  | TrainingEvent
  | {
    readonly kind: "scanning";
    readonly round: number;
    readonly purpose: "score" | "evaluate";
    readonly done: number;
    readonly of: number;
  }
  | { readonly kind: "notice"; readonly text: string };

export type TrainingEvent =
  | {
    readonly kind: "training";
    readonly round: number;
    readonly role: Role;
    readonly model: string;
    readonly step: number;
    readonly steps: number;
    readonly loss: number;
    readonly examplesPerSecond: number;
  }
  | {
    readonly kind: "trained";
    readonly round: number;
    readonly role: Role;
    readonly training: string;
    /** Not for the first time: the weights were gone, and are the same again. */
    readonly again: boolean;
    readonly seconds: number;
  };

/** The one stream that the terminal, the journal and the page read. */
export type EngineEvent =
  | { readonly kind: "plan"; readonly runs: readonly RunKey[]; readonly trainings: number }
  | { readonly kind: "run_started"; readonly run: RunKey; readonly rounds: number }
  | { readonly kind: "run"; readonly run: RunKey; readonly event: RunEvent }
  | { readonly kind: "run_finished"; readonly run: RunKey }
  | { readonly kind: "finished" };
