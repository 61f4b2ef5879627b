import type { EngineEvent } from "../../src/experiment/events.ts";
import type { Speed } from "./api.ts";

/** How fast trainings and scans go, as their events tell. */
export class Pace {
  speed: Speed = {};
  /** The first progress of what is going on: what came before it was compiling. */
  #first: { readonly what: string; readonly done: number; readonly at: number } | undefined;

  /** `at`: when the event came, in milliseconds. */
  see(event: EngineEvent, at: number): void {
    const progress = progressOf(event);
    if (!progress) return;
    const first = this.#first;
    if (first?.what !== progress.what || progress.done <= first.done) {
      this.#first = { ...progress, at };
      return;
    }
    const each = (at - first.at) / (progress.done - first.done);
    this.speed = progress.what.startsWith("training")
      ? { ...this.speed, millisecondsPerStep: each }
      : { ...this.speed, millisecondsPer1000Scored: each * 1000 };
  }

  /** What follows took a pause. */
  pause(): void {
    this.#first = undefined;
  }
}

/** Only the successor's: two models have two paces. */
function progressOf(event: EngineEvent): { readonly what: string; readonly done: number } | undefined {
  if (event.kind !== "run") return undefined;
  const { event: of } = event;
  if (of.kind === "training" && of.role === "successor") return { what: `training ${of.round}`, done: of.step };
  if (of.kind === "scanning" && of.purpose === "evaluate") return { what: `scanning ${of.round}`, done: of.done };
  return undefined;
}
