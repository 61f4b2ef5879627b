import type { Example } from "../../src/data/example.ts";
import { InputError, Interrupted, messageOf } from "../../src/errors.ts";
import type { Curve } from "../../src/evaluation/curve.ts";
import type { ReuGroup } from "../../src/evaluation/reu_row.ts";
import type { EngineEvent, RunEvent } from "../../src/experiment/events.ts";
import { missingParts } from "../../src/experiment/missing.ts";
import { prepare, type PreparedPlan } from "../../src/experiment/prepare.ts";
import { beginPlan, begunPlan, readPlan } from "../../src/experiment/run_directory.ts";
import { runFolder, type RunSpec } from "../../src/experiment/run_loop.ts";
import { sideBySide } from "../../src/experiment/side_by_side.ts";
import { below, type Clock, type Files } from "../../src/host.ts";
import type { Hub } from "../../src/hub/hub.ts";
import { sharedTrainings } from "../host/shared_trainings.ts";
import type { Activity, Asked, Computer, ExampleView, LabState, RoundView, Settings } from "./api.ts";
import { Arm } from "./arm.ts";
import { exampleView } from "./example_view.ts";
import { Gate } from "./gate.ts";
import { KeptModel } from "./kept_model.ts";
import { curvesOfOtherSeeds, reuSoFar } from "./lab_curves.ts";
import type { Opening } from "./lab_plan.ts";
import { Looks } from "./looks.ts";
import { PersonOracle } from "./person_oracle.ts";
import { Pace } from "./pace.ts";
import { watched, type Watcher } from "./watched_learner.ts";

export interface LabServices {
  /** The page's files: `runs/`, `looks/`, `trainings/`, `data/`, `models/`. */
  readonly root: Files;
  /** The project's own files. */
  readonly assets: Files;
  /** What was fetched from the hub. */
  readonly hub?: Hub | undefined;
  readonly clock: Clock;
  readonly computer: Computer;
  readonly versions: Readonly<Record<string, string>>;
  /** Keeps a run directory for this tab until it is disposed of; undefined where another tab has it. */
  claim(path: string): Promise<Disposable | undefined>;
  /** Told of every change. */
  tell(state: LabState): void;
}

/** Characters of a text that a list shows. */
const EXCERPT = 160;

/** One setting of the lab on one seed: its run, the random twin of that and, once asked for, self-selection. */
export class LabSession {
  readonly #gate: Gate;
  readonly #person: PersonOracle | undefined;
  /** What the main run's oracle was asked for last. */
  #asked: { readonly round: number; readonly ids: readonly string[] } | undefined;
  readonly #pace = new Pace();
  readonly #kept = new KeptModel();
  /** The training whose weights are kept. */
  #keptTraining: string | undefined;
  readonly #arms: readonly Arm[];
  readonly #byId: ReadonlyMap<string, Example>;
  /** Of the main arm. */
  readonly #labels = new Map<string, string | null>();
  readonly #notices: string[] = [];
  #others: readonly Curve[] = [];
  #going: readonly Arm[];
  #reu: ReuGroup | undefined;
  #activity: Activity | undefined;
  /** Preparing: nothing is heard yet of the work that goes on, for shaders are compiled. */
  #phase: "preparing" | "running" | "finished" | "failed" = "preparing";
  #error: string | undefined;
  #stop = new AbortController();
  #claim: Disposable | undefined;
  #driving: Promise<void> = Promise.resolve();

  private constructor(
    readonly settings: Settings,
    readonly services: LabServices,
    readonly opening: Opening,
    readonly prepared: PreparedPlan,
    readonly files: Files,
    readonly looks: Looks,
    /** The folder of trainings that it shares with others. */
    readonly trainings: string,
    start: boolean,
  ) {
    this.#gate = new Gate(start);
    this.#person = settings.oracle === "person" ? new PersonOracle(services.clock, () => this.#endAsking()) : undefined;
    const { main, random, self, seed } = opening.cast;
    this.#arms = [...new Set([main, random, self])].flatMap((name) => {
      const spec = prepared.runs.find((run) => run.config.name === name && run.seed === seed);
      return spec ? [new Arm(name === main ? this.#watching(spec) : spec)] : [];
    });
    // Nobody else labels what the twin would pick.
    const hasGold = this.#main.spec.data.train.every(({ label }) => label !== undefined);
    this.#going = this.#arms.filter(({ name }) => name === main || (name === random && hasGold));
    this.#byId = new Map(this.#main.spec.data.train.map((example) => [example.id, example]));
  }

  /**
   * Begins, or continues, a run directory.
   *
   * @param settings what stands for it in an address
   * @param start whether it goes on at once, or waits to be told
   * @throws InputError where the plan names what there is not, files are not what they should be, or another tab runs it
   */
  static async open(
    settings: Settings,
    opening: Opening,
    start: boolean,
    services: LabServices,
  ): Promise<LabSession> {
    const { root, assets, hub, computer, versions } = services;
    const { name, experiments, folder, cast } = opening;
    const [missing] = missingParts(experiments);
    if (missing !== undefined) throw new InputError(missing);
    const commits = (await readPlan(below(root, `runs/${folder}`)))?.commits;
    const prepared = await prepare(experiments, { assets, hub, userFiles: root, commits });
    const shared = [...Object.values(prepared.data), computer.backend, computer.name].join("-");
    const trainings = `trainings/${shared.replaceAll(/[^A-Za-z0-9]+/g, "-")}`;
    const files = sharedTrainings(root, `runs/${folder}`, trainings);
    const claim = await services.claim(`runs/${folder}`);
    if (!claim) throw new InputError("another tab of this page runs this. Close it, or choose another seed");
    try {
      const looks = await Looks.open(root, `looks/${folder}/${cast.main}/seed-${cast.seed}`);
      const session = new LabSession(settings, services, opening, prepared, files, looks, trainings, start);
      session.#claim = claim;
      const identity = { name, experiments, data: prepared.data, commits: prepared.commits };
      const begun = await begunPlan(files, identity);
      if (!begun) await beginPlan(files, identity, versions, computer.name);
      else if (begun.adapter !== computer.name) {
        session.#notices.push(`begun on ${begun.adapter}: numbers may differ from there on in their last digits`);
      }
      await session.#compare();
      await session.#goOnWithSelf();
      session.#drive();
      return session;
    } catch (thrown) {
      claim[Symbol.dispose]();
      throw thrown;
    }
  }

  /** The run directory's name, below `runs/`. */
  get folder(): string {
    return this.opening.folder;
  }

  get state(): LabState {
    const asked = this.#askedNow;
    const goes = this.#phase === "preparing" || this.#phase === "running";
    const paused = goes && !this.#gate.lets(this.#round);
    return {
      phase: paused ? "paused" : this.#phase,
      settings: this.settings,
      computer: this.services.computer,
      speed: this.#pace.speed,
      metric: this.#main.spec.config.metric,
      counts: this.#main.counts,
      arms: this.#arms.map(({ state }) => state),
      views: this.looks.rounds,
      notices: this.#notices,
      labelled: [...this.#labels.values()].filter((label) => label !== null).length,
      ...(this.#activity ? { activity: this.#activity } : {}),
      ...(asked ? { asked } : {}),
      ...(this.#reu ? { reu: this.#reu } : {}),
      ...(this.#error === undefined ? {} : { error: this.#error }),
      folder: this.folder,
      canAddSelf: this.#self !== undefined && !this.#going.includes(this.#self),
    };
  }

  run(): void {
    this.#gate.open();
    this.#tell();
  }

  pause(): void {
    this.#gate.close();
    this.#tell();
  }

  /** Goes on until every run that goes has one point more. */
  oneRound(): void {
    this.#gate.open(this.#round + 1);
    this.#tell();
  }

  /** From now on self-selection goes along. */
  async withSelf(): Promise<void> {
    const self = this.#self;
    if (!self || this.#going.includes(self)) return;
    const round = this.#round;
    await this.#halt();
    this.#addSelf(self);
    // It catches up, and what was paused stays so.
    if (!this.#gate.lets(round)) this.#gate.open(round);
    this.#drive();
  }

  async view(round: number): Promise<RoundView | undefined> {
    return (await this.looks.read(round))?.view;
  }

  /** What there is to know of an example in a round. */
  async example(id: string, round: number): Promise<ExampleView | undefined> {
    const look = await this.looks.read(round);
    return look && exampleView(look, this.#main.spec.data, id, this.#labels.get(id) ?? undefined);
  }

  answer(id: string, label: string | null): void {
    if (!this.#asked?.ids.includes(id)) return;
    this.#person?.answer(id, label);
  }

  finishBatch(): void {
    this.#person?.finish();
  }

  /** The beginning of a text, on one line. */
  excerpt(id: string): string | undefined {
    return this.#byId.get(id)?.text.slice(0, EXCERPT).replace(/\s+/g, " ");
  }

  /** Ends; what is kept is whole. */
  async close(): Promise<void> {
    await this.#halt();
    this.#kept.release();
    this.#claim?.[Symbol.dispose]();
  }

  get #main(): Arm {
    return this.#arms[0]!;
  }

  /** How many points every curve that grows has. */
  get #round(): number {
    return Math.min(...this.#going.map(({ scores }) => scores.length));
  }

  /** The main run, whose models are looked through. */
  #watching(spec: RunSpec): RunSpec {
    const scored: Watcher["scored"] = async (model, candidates, scores, control) => {
      const labelled = [...this.#labels].flatMap(([id, label]) => label === null ? [] : [this.#byId.get(id)!]);
      const { step, scores: { length: round } } = this.#main;
      await this.looks.take({
        round,
        model,
        candidates,
        scores,
        labelled,
        step,
        control,
        successor: this.#kept.current,
      });
      this.#tell();
    };
    const kept = this.#kept.keeping(spec.successor);
    const isOne = spec.acquisition === spec.successor;
    const acquisition = watched(isOne ? kept : spec.acquisition, { scored });
    // A model that picks for itself is trained by whichever of its two roles comes first.
    const successor = isOne ? acquisition : kept;
    return { ...spec, successor, acquisition, ...(this.#person ? { oracle: this.#person } : {}) };
  }

  /** A batch is finished, and waits for its turn to be learned from: nothing of it can be corrected any more. */
  #endAsking(): void {
    this.#asked = undefined;
    this.#tell();
  }

  get #askedNow(): Asked | undefined {
    if (!this.#asked || !this.#person) return undefined;
    const { round, ids } = this.#asked;
    const examples = ids.map((id) => {
      const answer = this.#labels.get(id);
      return { id, text: this.#byId.get(id)!.text, ...(answer === undefined ? {} : { answer }) };
    });
    const known = [...this.#labels].flatMap(([id, label]) => {
      const gold = this.#byId.get(id)?.label;
      return label === null || gold === undefined ? [] : [label === gold];
    });
    const agreement = { same: known.filter(Boolean).length, of: known.length };
    return { round, classes: this.#main.spec.data.labels, examples, agreement };
  }

  /** Self-selection that was begun before goes on. */
  async #goOnWithSelf(): Promise<void> {
    const self = this.#self;
    if (!self) return;
    const { config, seed } = self.spec;
    if (await runFolder(this.files, config.name, seed).read("journal.jsonl")) this.#addSelf(self);
  }

  /** Undefined where it is the main run, or the plan has none. */
  get #self(): Arm | undefined {
    const { self, main } = this.opening.cast;
    return self === main ? undefined : this.#arms.find(({ name }) => name === self);
  }

  #addSelf(self: Arm): void {
    if (!this.#going.includes(self)) this.#going = [...this.#going, self];
  }

  async #compare(): Promise<void> {
    const { experiments, cast: { seed } } = this.opening;
    this.#others = await curvesOfOtherSeeds(this.services.root, { experiments, data: this.prepared.data }, seed);
    for (const arm of this.#arms) arm.compare(this.#others);
    this.#judge();
  }

  #judge(): void {
    this.#reu = reuSoFar(this.#arms.map(({ curve }) => curve), this.#others);
  }

  #drive(): void {
    this.#stop = new AbortController();
    for (const arm of this.#arms) arm.scores = [];
    this.#labels.clear();
    this.#phase = "preparing";
    this.#driving = this.#follow().catch((thrown) => {
      if (thrown instanceof Interrupted) return;
      this.#phase = "failed";
      this.#error = messageOf(thrown);
      this.#activity = undefined;
      this.#tell();
    });
  }

  async #halt(): Promise<void> {
    this.#stop.abort();
    await this.#driving;
  }

  async #follow(): Promise<void> {
    const { clock } = this.services;
    const { signal } = this.#stop;
    const chosen = this.#going.map(({ spec }) => spec);
    for await (const event of sideBySide(this.prepared, chosen, { files: this.files, clock, signal })) {
      this.#pace.see(event, clock.now());
      this.#see(event);
      this.#tell();
      // What is recorded is shown whether or not anything may go on.
      if (!isWork(event) || this.#gate.lets(this.#round)) continue;
      this.#pace.pause();
      await this.#gate.pass(() => this.#round, signal);
    }
    this.#phase = "finished";
    this.#activity = undefined;
    await this.#compare();
    this.#tell();
  }

  #see(event: EngineEvent): void {
    if (event.kind !== "run") return;
    if (isProgress(event.event) || this.#person) this.#phase = "running";
    const arm = this.#arms.find(({ name }) => name === event.run.experiment)!;
    this.#activity = activityOf(arm.name, event.event) ?? this.#activity;
    if (arm === this.#main && event.event.kind === "trained" && event.event.role === "successor") {
      this.#keptTraining = event.event.training;
    }
    // What was asked for is learned from now.
    if (arm === this.#main && event.event.kind === "training") this.#asked = undefined;
    if (event.event.kind === "notice") this.#notices.push(event.event.text);
    if (event.event.kind !== "journal") return;
    const { event: recorded } = event.event;
    if (recorded.event === "evaluate") {
      arm.scores = [...arm.scores, recorded.metrics[arm.spec.config.metric]!];
      this.#judge();
      // Computed by another run, which did not leave its weights.
      const isForeign = !event.event.replayed && recorded.training !== this.#keptTraining;
      if (arm === this.#main && isForeign) this.#kept.release();
    }
    if (arm !== this.#main) return;
    if (recorded.event === "label") {
      this.#labels.set(recorded.id, recorded.label);
      // Nobody is asked again where all answers are recorded.
      const isWhole = this.#asked?.ids.every((id) => this.#labels.has(id));
      if (event.event.replayed && isWhole) this.#asked = undefined;
    }
    if (recorded.event === "warm_start" || recorded.event === "acquire") {
      this.#asked = { round: recorded.round, ids: recorded.ids };
      this.#activity = undefined;
    }
    if (recorded.event === "train") this.#asked = undefined;
  }

  #tell(): void {
    this.services.tell(this.state);
  }
}

/** Whether a model is at work, or was. */
function isProgress(event: RunEvent): boolean {
  return event.kind === "journal" ? event.event.event === "evaluate" : event.kind !== "notice";
}

/** Whether something was computed, or labelled, that was not before. */
function isWork(event: EngineEvent): boolean {
  if (event.kind !== "run" || event.event.kind === "notice") return false;
  return event.event.kind !== "journal" || !event.event.replayed;
}

function activityOf(experiment: string, event: RunEvent): Activity | undefined {
  if (event.kind === "training") {
    const { round, model, step: done, steps: of } = event;
    return { experiment, round, what: "training", model, done, of };
  }
  if (event.kind === "scanning") {
    const { round, purpose, done, of } = event;
    return { experiment, round, what: purpose === "score" ? "scoring" : "evaluating", done, of };
  }
  return undefined;
}
