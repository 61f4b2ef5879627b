import type { Remote } from "comlink";
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { messageOf } from "../../src/errors.ts";
import type { Choices, Computer, ExampleView, LabState, Library, RoundView } from "../engine/api.ts";
import { openedBy, type Place, tabOf } from "./address.ts";
import { type EngineClient, startEngine } from "./engine_client.ts";

/** What the engine has said. */
export interface Followed {
  readonly computer: Computer | undefined;
  readonly choices: Choices | undefined;
  readonly library: (() => Remote<Library>) | undefined;
  readonly state: LabState | undefined;
  readonly view: RoundView | undefined;
  readonly example: ExampleView | undefined;
  readonly excerpts: ReadonlyMap<string, string>;
  /** What went wrong, for a person. */
  readonly error: string | undefined;
}

/** Where the page is. */
export interface Whereabouts {
  place(): Place;
  /** The address of where one is already is another than was thought. */
  replace(place: Place): void;
  /** The lab of this place is in another state than before. */
  moved(before: LabState | undefined, now: LabState): void;
}

/** No lab. */
const NOTHING = { state: undefined, view: undefined, example: undefined, error: undefined };

/** Holds the engine, has it open what the page's place asks for, and keeps what it says of that for the page to show. */
export class LabFollower implements ReactiveController {
  followed: Followed = {
    ...NOTHING,
    computer: undefined,
    choices: undefined,
    library: undefined,
    excerpts: new Map(),
  };
  readonly #host: ReactiveControllerHost;
  readonly #page: Whereabouts;
  #client: EngineClient | undefined;
  /** The run and the round of the view that is there, or is fetched; a later wish overtakes an earlier one. */
  #wanted: string | undefined;
  /** The example that a person wants to read. */
  #read: string | undefined;
  /** What the engine was told to open last; nothing while what is kept is looked at from the start, or was removed. */
  #opened: string | undefined;

  constructor(host: ReactiveControllerHost, page: Whereabouts) {
    this.#host = host;
    this.#page = page;
    host.addController(this);
  }

  hostConnected(): void {
    void this.#start();
  }

  hostDisconnected(): void {
    this.#client?.close();
  }

  /** The round that is looked at: the address's, else that of an example which is read, else the latest. */
  get round(): number | undefined {
    const { state, view, example } = this.followed;
    const views = state?.views ?? [];
    const round = this.#page.place().round ?? (example && view?.round);
    return round !== undefined && views.includes(round) ? round : views.at(-1);
  }

  fail(error: string): void {
    this.#learn({ error });
  }

  async startAgain(): Promise<void> {
    this.#client?.close();
    this.#client = undefined;
    // What the Worker that has ended gave is of no use any more.
    this.#opened = undefined;
    this.#wanted = undefined;
    this.#learn({ library: undefined, error: undefined, state: undefined });
    await this.#start();
  }

  /** Has the engine do what a person wants; what it cannot do is said. */
  async tell(wish: (engine: EngineClient["engine"]) => Promise<void>): Promise<void> {
    try {
      if (this.#client) await wish(this.#client.engine);
    } catch (thrown) {
      this.fail(messageOf(thrown));
    }
  }

  async restart(): Promise<void> {
    // What is there belongs to what will be gone: answers to a batch of the same texts, too.
    this.#learn({ state: undefined, view: undefined, example: undefined });
    this.#wanted = undefined;
    await this.tell((engine) => engine.restart());
  }

  /** Looks up what there is to choose. */
  choose = async (): Promise<void> => {
    this.#learn({ choices: await this.#client?.engine.choices() });
  };

  /** What was open is gone, and there is other to choose. */
  async forget(): Promise<void> {
    this.#opened = undefined;
    this.#wanted = undefined;
    this.#learn(NOTHING);
    await this.choose();
  }

  /** The page has gone from the place `from` to another. */
  arrive(from: Place): void {
    const place = this.#page.place();
    if (place.tab === "data" || openedBy(place) === this.#opened) {
      void this.#fetchView();
      return;
    }
    this.#wanted = undefined;
    // The same pool is there until the models have learned: how another strategy's picks differ shows at once.
    const samePool = poolOf(place) === poolOf(from);
    this.#learn({ state: undefined, example: undefined, ...(samePool ? {} : { view: undefined }) });
    void this.#open();
  }

  async openExample(id: string | undefined): Promise<void> {
    const { view } = this.followed;
    this.#read = id;
    const example = id === undefined || !view ? undefined : await this.#client?.engine.example(id, view.round);
    if (this.#read !== id) return;
    // A round that has come meanwhile knows it otherwise.
    if (view !== this.followed.view) return await this.openExample(id);
    this.#learn({ example });
    // Who has read goes on with the rounds.
    if (!example) void this.#fetchView();
  }

  closeExample(): void {
    this.#learn({ example: undefined });
  }

  #learn(news: Partial<Followed>): void {
    this.followed = { ...this.followed, ...news };
    this.#host.requestUpdate();
  }

  async #start(): Promise<void> {
    try {
      this.#client = await startEngine(this.#page.place().wish, (state) => this.#see(state));
      this.#learn({ computer: this.#client.computer });
      await this.choose();
      await this.#open();
      // Last, since who only watches needs none of it.
      const library = await this.#client.engine.library() as unknown as Remote<Library>;
      this.#learn({ library: () => library });
    } catch (thrown) {
      this.fail(messageOf(thrown));
    }
  }

  async #open(): Promise<void> {
    const { settings, run, tab } = this.#page.place();
    // Who looks at what is kept waits for no model.
    if (tab === "data") return;
    const opened = openedBy(this.#page.place());
    this.#opened = opened;
    try {
      this.#learn({ error: undefined });
      if (run === undefined) await this.#client?.engine.open(settings, true);
      else {
        const nearest = await this.#client?.engine.openKept(run, settings.seed, true);
        const place = this.#page.place();
        // Who has gone elsewhere meanwhile is not brought back.
        if (!nearest || this.#opened !== opened || place.run !== run) return;
        this.#page.replace({ ...place, settings: nearest, tab: place.tab === "data" ? "data" : tabOf(nearest) });
        this.#opened = openedBy(this.#page.place());
      }
    } catch (thrown) {
      // What was wished for before is of no interest any more.
      if (this.#opened === opened) this.fail(messageOf(thrown));
    }
  }

  #see(state: LabState): void {
    // A state of settings that have changed since is of no use.
    const { run, settings } = this.#page.place();
    const isOurs = run === undefined
      ? JSON.stringify(state.settings) === JSON.stringify(settings)
      : state.folder === run;
    if (!isOurs) return;
    const before = this.followed.state;
    this.#learn({ state, ...(state.error === undefined ? {} : { error: state.error }) });
    this.#page.moved(before, state);
    void this.#fetchView();
  }

  async #fetchView(): Promise<void> {
    const { round } = this;
    if (round === undefined) {
      this.#wanted = undefined;
      return;
    }
    const { folder, settings } = this.followed.state!;
    const wanted = `${folder}/${settings.acquisition}/${round}`;
    if (this.#wanted === wanted) return;
    this.#wanted = wanted;
    const view = await this.#client?.engine.view(round);
    if (this.#wanted !== wanted) return;
    if (!view) {
      this.#wanted = undefined;
      return;
    }
    this.#learn({ view, example: undefined });
    const ids = [...new Set(Object.values(view.picks).flat())].map((place) => view.ids[place]!);
    this.#learn({ excerpts: new Map(await this.#client?.engine.excerpts(ids) ?? []) });
  }
}

/** What decides the pool that is looked at, before there are rounds. */
function poolOf({ settings: { strategy: _, ...settings }, run }: Place): string {
  return JSON.stringify([settings, run]);
}
