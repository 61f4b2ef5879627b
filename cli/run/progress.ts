import type { EngineEvent, RunEvent, RunKey } from "../../src/experiment/events.ts";
import type { Io } from "../command.ts";
import { duration } from "./duration.ts";
import { StatusLine } from "./status_line.ts";

/** Writes what happens for a person: one line that is rewritten on a terminal, plain lines at each round elsewhere. */
export class Progress {
  #trainings = 0;
  #done = 0;
  #replayed = 0;
  #began: number | undefined;
  #trained = new Set<string>();
  readonly #terminal: StatusLine;

  constructor(io: Io, readonly metric: string, readonly now: () => number) {
    this.#terminal = new StatusLine(io);
  }

  see(event: EngineEvent): void {
    switch (event.kind) {
      case "plan":
        this.#trainings = event.trainings;
        this.#terminal.line(`${event.runs.length} runs, ${event.trainings} trainings`);
        break;
      case "run":
        this.#run(event.run, event.event);
        break;
    }
  }

  /** Takes the last status off the terminal, so that what follows begins on a line of its own. */
  end(): void {
    this.#terminal.clear();
  }

  #run(run: RunKey, event: RunEvent): void {
    const name = `${run.experiment}, seed ${run.seed}`;
    switch (event.kind) {
      case "notice":
        this.#terminal.line(`${name}: ${event.text}`);
        break;
      case "training": {
        const { round, role, model, step, steps, loss, examplesPerSecond } = event;
        this.#began ??= this.now();
        this.#terminal.status(
          `${name}  round ${round}  ${role} ${model}  step ${step}/${steps}  loss ${loss.toFixed(3)}  ` +
            `${Math.round(examplesPerSecond)} examples/s${this.#left(step / steps)}`,
        );
        break;
      }
      case "scanning":
        this.#terminal.status(
          `${name}  round ${event.round}  ${event.purpose} ${event.done}/${event.of}${this.#left(0)}`,
        );
        break;
      case "journal":
        if (event.event.event === "train") this.#count(event.event.training, event.replayed);
        if (event.event.event === "evaluate" && !event.replayed) {
          const { round, metrics } = event.event;
          this.#terminal.line(
            `${name}  round ${round}  ${this.metric} ${metrics[this.metric]!.toFixed(4)}${this.#left(0)}`,
          );
        }
        break;
    }
  }

  /** A training that several runs share is counted once. */
  #count(training: string, replayed: boolean): void {
    if (this.#trained.has(training)) return;
    this.#trained.add(training);
    if (replayed) this.#replayed++;
    else this.#done++;
  }

  /** From the pace of the trainings so far; `part` of the next is done. */
  #left(part: number): string {
    if (this.#began === undefined || this.#done + part < 1) return "";
    const each = (this.now() - this.#began) / (this.#done + part);
    const left = this.#trainings - this.#replayed - this.#done - part;
    return left > 0 ? `  ${duration(each * left)} left` : "";
  }
}
