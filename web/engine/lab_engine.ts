import { proxy } from "comlink";
import { strategies } from "../../src/acquisition/strategies.ts";
import { InputError } from "../../src/errors.ts";
import type { Clock, Files } from "../../src/host.ts";
import { models } from "../../src/models/registry.ts";
import { classification } from "../../src/tasks/classification.ts";
import { ownDataSets } from "../data/own_data.ts";
import { openComputer } from "../host/open_computer.ts";
import type { OpfsFiles } from "../host/opfs_files.ts";
import { HUB_FOLDER } from "../hub/hub_cache.ts";
import type { Choices, Computer, Engine, ExampleView, LabState, Library, RoundView, Settings } from "./api.ts";
import type { HubModels } from "./hub_models.ts";
import { keptPlan } from "./kept_plan.ts";
import { labPlan, type Opening, type PlanServices } from "./lab_plan.ts";
import { LabSession } from "./lab_session.ts";
import { Measuring } from "./measuring.ts";
import { toMeasure } from "./person_data.ts";

export interface LabEngineServices {
  readonly root: OpfsFiles;
  readonly assets: Files;
  readonly clock: Clock;
  readonly wasm: { readonly plain: string; readonly simd: string };
  readonly versions: Readonly<Record<string, string>>;
}

/** Not more often than this, in milliseconds: a page draws no faster. */
const BETWEEN_STATES = 80;

/** One run of the lab after another, on one computer. */
export class LabEngine implements Engine {
  #computer: Computer | undefined;
  #watch: (state: LabState) => void = () => {};
  #session: LabSession | undefined;
  #measuring: Measuring | undefined;
  /** What opens and closes goes one after the other. */
  #queue: Promise<unknown> = Promise.resolve();
  /** Counts what was asked to be opened: what is overtaken by the next is not begun. */
  #opening = 0;
  #unsent: ReturnType<typeof setTimeout> | undefined;
  #sent = -Infinity;

  constructor(readonly services: LabEngineServices) {}

  async start(wish: "automatic" | "webgpu" | "wasm", watch: (state: LabState) => void): Promise<Computer> {
    this.#watch = watch;
    const { computer } = await openComputer(wish, this.services);
    this.#computer = computer;
    return computer;
  }

  async choices(): Promise<Choices> {
    const { root } = this.services;
    const own = await ownDataSets(root);
    const folders = await root.list("models");
    return {
      data: [{ name: "mail", own: false }, ...own.map(({ name, title }) => ({ name, title, own: true }))],
      models: [
        ...models.entries().filter(({ missing, onHub }) => missing === undefined && !onHub).map((
          { name, distilledFrom, megabytes },
        ) => ({
          name,
          ...(distilledFrom === undefined ? {} : { distilledFrom }),
          ...(megabytes === undefined ? {} : { megabytes }),
        })),
        ...(await root.list(HUB_FOLDER)).length > 0 ? await (await this.#hub()).choices() : [],
        ...folders.map((folder) => ({ name: `./models/${folder}` })),
      ],
      strategies: strategies.entries().filter(({ name, needs }) =>
        name !== "random" && needs.every((need) => classification.capabilities.includes(need))
      ).map(({ name }) => name),
    };
  }

  open(settings: Settings, going: boolean): Promise<void> {
    const mine = ++this.#opening;
    return this.#inTurn(async () => {
      if (mine === this.#opening) await this.#open(settings, going);
    });
  }

  openKept(folder: string, seed: number, going: boolean): Promise<Settings> {
    this.#opening++;
    return this.#inTurn(async () => {
      await this.#close();
      const { opening, settings } = await keptPlan(folder, seed, this.services.root);
      await this.#begin(settings, opening, going);
      return settings;
    });
  }

  async library(): Promise<Library> {
    // Who only watches needs none of it.
    const { KeptLibrary } = await import("./kept_library.ts");
    const open = () => this.#inTurn(() => Promise.resolve(this.#session?.folder));
    return proxy(new KeptLibrary({ ...this.services, open, release: () => this.close() }));
  }

  run(): Promise<void> {
    return this.#now(() => this.#session?.run());
  }

  pause(): Promise<void> {
    return this.#now(() => this.#session?.pause());
  }

  oneRound(): Promise<void> {
    return this.#now(() => this.#session?.oneRound());
  }

  restart(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#measuring) await this.#measureAgain(this.#measuring);
      else if (this.#session) await this.#beginAgain(this.#session);
    });
  }

  withSelf(): Promise<void> {
    return this.#inTurn(async () => await this.#session?.withSelf());
  }

  async view(round: number): Promise<RoundView | undefined> {
    return await this.#session?.view(round);
  }

  async example(id: string, round: number): Promise<ExampleView | undefined> {
    return await this.#session?.example(id, round);
  }

  async answer(id: string, label: string | null): Promise<void> {
    this.#session?.answer(id, label);
    await this.#measuring?.answer(id, label);
  }

  finishBatch(): Promise<void> {
    this.#session?.finishBatch();
    const measuring = this.#measuring;
    if (!measuring) return Promise.resolve();
    return this.#inTurn(async () => {
      if (measuring !== this.#measuring) return;
      if (await measuring.finish()) await this.#open(measuring.settings, true);
    });
  }

  excerpts(ids: readonly string[]): Promise<readonly (readonly [string, string])[]> {
    return this.#now(() => ids.map((id) => [id, this.#session?.excerpt(id) ?? ""] as const));
  }

  close(): Promise<void> {
    return this.#inTurn(() => this.#close());
  }

  async #open(settings: Settings, going: boolean): Promise<void> {
    // First: what cannot be opened leaves nothing going on that nobody sees.
    await this.#close();
    const { root } = this.services;
    const computer = this.#requireComputer();
    const wanted = settings.oracle === "person" ? await toMeasure(settings.data, root) : undefined;
    if (wanted) {
      this.#measuring = await Measuring.open(settings, computer, root, wanted, (state) => this.#tell(state));
      return;
    }
    const hub: PlanServices["hub"] = { commitOf: async (model) => await (await this.#hub()).commitOf(model) };
    const size = computer.software ? "small" : "full";
    await this.#begin(settings, await labPlan(settings, size, computer, { ...this.services, hub }), going);
  }

  async #measureAgain({ path, settings }: Measuring): Promise<void> {
    await this.#close();
    await this.services.root.remove(path);
    await this.#open(settings, true);
  }

  async #beginAgain({ settings, opening, trainings, state: { phase } }: LabSession): Promise<void> {
    await this.#close();
    const { root } = this.services;
    await root.removeFolder(`runs/${opening.folder}`);
    await root.removeFolder(`looks/${opening.folder}`);
    // It may have failed by one of them: a training that does not repeat would fail the new run too.
    if (phase === "failed") await root.removeFolder(trainings);
    await this.#begin(settings, opening, true);
  }

  async #begin(settings: Settings, opening: Opening, going: boolean): Promise<void> {
    const { root } = this.services;
    this.#session = await LabSession.open(settings, opening, going, {
      ...this.services,
      hub: { snapshot: async (...wanted) => await (await this.#hub()).hub.snapshot(...wanted) },
      computer: this.#requireComputer(),
      claim: (path) => root.claim(path),
      tell: (state) => this.#tell(state),
    });
  }

  async #close(): Promise<void> {
    await this.#session?.close();
    this.#session = undefined;
    this.#measuring = undefined;
    clearTimeout(this.#unsent);
    this.services.root.close();
  }

  /** Who has fetched nothing needs none of it. */
  async #hub(): Promise<HubModels> {
    const { HubModels } = await import("./hub_models.ts");
    return new HubModels(this.services.root);
  }

  #requireComputer(): Computer {
    if (!this.#computer) throw new InputError("the engine has not been started");
    return this.#computer;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work, work);
    this.#queue = result.catch(() => {});
    return result;
  }

  #now<T>(work: () => T): Promise<T> {
    return Promise.resolve(work());
  }

  /** The last state always arrives; of those that come close together, only the last. */
  #tell(state: LabState): void {
    clearTimeout(this.#unsent);
    const send = () => {
      this.#sent = this.services.clock.now();
      this.#watch(state);
    };
    const soon = this.#sent + BETWEEN_STATES - this.services.clock.now();
    if (soon <= 0) send();
    else this.#unsent = setTimeout(send, soon);
  }
}
