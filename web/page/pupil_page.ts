import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Remote } from "comlink";
import type { Choices, Computer, ExampleView, LabState, Library, RoundView, Settings } from "../engine/api.ts";
import { messageOf } from "../../src/errors.ts";
import "../lab/lab_view.ts";
import { type Language, languageOf, languages } from "../texts/languages.ts";
import type { Texts } from "../texts/texts.ts";
import { inTab, type Place, readPlace, type Tab, TABS, usualSettings, writePlace } from "./address.ts";
import { type EngineClient, startEngine } from "./engine_client.ts";
import { type OfflineCopy, type OfflineState, registerOffline } from "../offline/register.ts";
import { readLook, writeLook } from "./preferences.ts";
import "./sure_dialog.ts";
import { adoptTheme, baseStyles } from "./theme.ts";

/** What the tabs that are not the first show is loaded once they are chosen. */
const elements: Readonly<Record<Tab, () => Promise<unknown>>> = {
  lab: () => Promise.resolve(),
  label: () => import("../label/label_view.ts"),
  data: () => import("../kept/kept_view.ts"),
};

/** The page: its head, the view of the chosen tab, and what computes. It holds the engine and hands down what the engine says. */
export class PupilPage extends LitElement {
  static override properties = {
    _place: { state: true },
    _computer: { state: true },
    _choices: { state: true },
    _library: { state: true },
    _sure: { state: true },
    _othersRun: { state: true },
    _state: { state: true },
    _view: { state: true },
    _example: { state: true },
    _excerpts: { state: true },
    _before: { state: true },
    _error: { state: true },
    _language: { state: true },
    _theme: { state: true },
    _announcement: { state: true },
    _offline: { state: true },
  };
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
        max-width: 120rem;
        margin: 0 auto;
        padding: 0 clamp(0.75rem, 2vw, 2rem) 2rem;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem 1.5rem;
        align-items: center;
        padding: 0.75rem 0;
      }
      h1 {
        margin: 0;
        font-size: 1.375rem;
        letter-spacing: -0.01em;
      }
      .tagline {
        margin: 0;
        color: var(--muted);
      }
      nav {
        display: flex;
        gap: 0.25rem;
        margin-inline-start: auto;
      }
      nav a {
        padding: 0.3rem 0.75rem;
        white-space: nowrap;
        border-radius: var(--radius);
        text-decoration: none;
        color: var(--text);
      }
      nav a[aria-current] {
        background: var(--accent);
        color: var(--accent-text);
      }
      .choices {
        display: flex;
        gap: 0.5rem;
      }
      .choices select {
        min-height: 2rem;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--surface);
        font-size: 0.875rem;
      }
      @media (max-width: 40rem) {
        nav {
          order: 1;
          flex-wrap: wrap;
          width: 100%;
          margin: 0;
          font-size: 0.875rem;
        }
        nav a {
          padding-inline: 0.45rem;
        }
        .tagline {
          order: 1;
          width: 100%;
          font-size: 0.875rem;
        }
        .choices {
          margin-inline-start: auto;
        }
      }
      .skip {
        position: absolute;
        inset-inline-start: -99rem;
      }
      .skip:focus {
        inset-inline-start: 1rem;
        z-index: 2;
        padding: 0.5rem 1rem;
        background: var(--surface);
      }
      .trouble {
        margin: 0 0 1rem;
        padding: 0.75rem 1.25rem;
        border: 1px solid var(--bad);
        border-radius: var(--radius);
        background: var(--surface);
      }
      .trouble p {
        margin: 0 0 0.75rem;
        white-space: pre-line;
      }
      .news {
        display: flex;
        gap: 1rem;
        align-items: center;
        margin: 0 0 1rem;
        padding: 0 1.25rem;
        border: 1px solid var(--accent);
        border-radius: var(--radius);
        background: var(--surface);
      }
      footer {
        margin-top: 1.5rem;
        color: var(--muted);
        font-size: 0.875rem;
      }
      footer p {
        margin: 0.25rem 0;
      }
    `,
  ];

  declare private _place: Place;
  declare private _computer: Computer | undefined;
  declare private _choices: Choices | undefined;
  /** Whether it is asked if all begins again. */
  declare private _sure: boolean;
  /** Whether other tabs keep the new version from starting. */
  declare private _othersRun: boolean;
  declare private _library: (() => Remote<Library>) | undefined;
  declare private _state: LabState | undefined;
  declare private _view: RoundView | undefined;
  declare private _example: ExampleView | undefined;
  declare private _excerpts: ReadonlyMap<string, string>;
  declare private _before: string | undefined;
  declare private _error: string | undefined;
  declare private _language: Language;
  declare private _theme: "auto" | "light" | "dark";
  declare private _announcement: string;
  declare private _offline: OfflineState | undefined;
  #copy: OfflineCopy | undefined;
  #client: EngineClient | undefined;
  /** The run and the round of the view that is there, or is fetched; a later wish overtakes an earlier one. */
  #wanted: string | undefined;
  /** The example that a person wants to read. */
  #read: string | undefined;
  /** What the engine was told to open last; nothing while what is kept is looked at from the start, or was removed. */
  #opened: string | undefined;

  constructor() {
    super();
    const { language, theme } = readLook();
    this._place = readPlace(location.hash);
    this._language = language ?? languageOf(navigator.languages);
    this._theme = theme;
    this._excerpts = new Map();
    this._announcement = "";
    this._sure = false;
    this._othersRun = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    adoptTheme(document);
    this.#dress();
    // A link that is copied says all from the first moment on.
    this.#replace(this._place);
    addEventListener("hashchange", this.#followAddress);
    void this.#start();
    void this.#keepOffline();
  }

  /** At first in a task of its own, after the one that read the code: neither holds the page up for long. */
  protected override async scheduleUpdate(): Promise<void> {
    if (!this.hasUpdated) await new Promise((resolve) => setTimeout(resolve));
    super.scheduleUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("hashchange", this.#followAddress);
    this.#client?.close();
  }

  get #texts(): Texts {
    return languages[this._language];
  }

  /** What is said while there is no state: nothing below an error. */
  get #waiting(): string {
    const { lab: words } = this.#texts;
    if (this._error !== undefined) return "";
    return this._computer ? `${words.phase.preparing} …` : words.starting;
  }

  /** The round that is looked at: the address's, else that of an example which is read, else the latest. */
  get #round(): number | undefined {
    const views = this._state?.views ?? [];
    const round = this._place.round ?? (this._example && this._view?.round);
    return round !== undefined && views.includes(round) ? round : views.at(-1);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("_place")) return;
    elements[this._place.tab]().catch((thrown) => this._error = messageOf(thrown));
  }

  protected override render(): TemplateResult {
    const { lab: words } = this.#texts;
    const { tab } = this._place;
    return html`
      <header>
        <button class="skip" @click=${this.#skip}>${words.skip}</button>
        <h1>${words.title}</h1>
        <p class="tagline">${words.tagline}</p>
        <nav aria-label=${words.title}>${TABS.map((each) =>
          html`<a href=${writePlace(inTab(this._place, each))} aria-current=${each === tab ? "page" : nothing}>${
            words.tabs[each]
          }</a>`
        )}</nav>
        ${this.#looks()}
      </header>
      ${this._error === undefined ? nothing : this.#trouble(this._error)}
      ${this._offline === "update"
        ? html`<div class="news" role="status"><p>${words.newVersion}</p>
          <button @click=${this.#update}>${words.reload}</button>
          ${this._othersRun ? html`<p>${words.closeOtherTabs}</p>` : nothing}</div>`
        : nothing}
      <main id="main" tabindex="-1">${this.#tab(tab)}</main>
      <footer>${this.#foot()}</footer>
      ${this._sure ? this.#sure() : nothing}
      <p class="visually-hidden" role="status">${this._announcement}</p>
    `;
  }

  #tab(tab: Tab): TemplateResult {
    if (tab === "data") {
      const library = this._library;
      return library
        ? html`
          <kept-view .library=${library} .words=${this.#texts.kept} @kept-changed=${this.#choose}
            @kept-removed=${({ detail: left }: CustomEvent<readonly string[]>) => this.#forget(left)}
            @open-run=${({ detail: run }: CustomEvent<string>) => this.#openRun(run)}
            @open-data=${({ detail: { name, tab } }: CustomEvent<{ name: string; tab: Tab }>) =>
              this.#openData(name, tab)}></kept-view>
        `
        : html`<p>${this.#waiting}</p>`;
    }
    if (tab === "label") {
      return html`
        <label-view .state=${this._state} .settings=${this._place.settings} .choices=${this._choices}
          .waiting=${this.#waiting} .texts=${this.#texts} @settings-changed=${(event: CustomEvent<Settings>) =>
            this.#change(event.detail)}
          @restart=${() => this.#askToRestart()}
          @answer=${({ detail: { id, label } }: CustomEvent<{ id: string; label: string | null }>) =>
            this.#tell((engine) => engine.answer(id, label))}
          @finish-batch=${() => this.#tell((engine) => engine.finishBatch())}></label-view>
      `;
    }
    return html`
      <lab-view .state=${this._state} .settings=${this._place.settings} .choices=${this._choices}
        .view=${this._view} .round=${this.#round} .example=${this._example} .excerpts=${this._excerpts}
        .strategyBefore=${this._before} .waiting=${this.#waiting} .texts=${this.#texts}
        @settings-changed=${(event: CustomEvent<Settings>) => this.#change(event.detail)}
        @run=${() => this.#tell((engine) => engine.run())} @pause=${() => this.#tell((engine) => engine.pause())}
        @one-round=${() => this.#tell((engine) => engine.oneRound())} @restart=${() => this.#askToRestart()}
        @self=${() => this.#tell((engine) => engine.withSelf())}
        @round-chosen=${(event: CustomEvent<number>) => this.#chooseRound(event.detail)}
        @example-chosen=${(event: CustomEvent<{ id?: string }>) => this.#openExample(event.detail.id)}></lab-view>
    `;
  }

  #sure(): TemplateResult {
    const { lab, kept } = this.#texts;
    return html`
      <sure-dialog .question=${lab.restartSure} .yes=${lab.restart} .no=${kept.cancel}
        @sure=${() => this.#restart()} @close=${() => {
          this._sure = false;
        }}></sure-dialog>
    `;
  }

  #update = async (): Promise<void> => {
    this._othersRun = await this.#copy?.update() === false;
  };

  #looks(): TemplateResult {
    const { lab: words } = this.#texts;
    return html`
      <div class="choices">
        <select aria-label=${words.languageLabel} @change=${(event: Event) => {
          this._language = (event.target as HTMLSelectElement).value as Language;
          this.#dress();
        }}>${Object.entries(languages).map(([tag, { lab }]) =>
          html`<option value=${tag} lang=${tag} ?selected=${tag === this._language}>${lab.language}</option>`
        )}</select>
        <select aria-label=${words.themeLabel} @change=${(event: Event) => {
          this._theme = (event.target as HTMLSelectElement).value as typeof this._theme;
          this.#dress();
        }}>${(["auto", "light", "dark"] as const).map((theme) =>
          html`<option value=${theme} ?selected=${theme === this._theme}>${words.theme[theme]}</option>`
        )}</select>
      </div>
    `;
  }

  #trouble(error: string): TemplateResult {
    const { lab: words } = this.#texts;
    return html`
      <div class="trouble" role="alert">
        <p><strong>${this._state?.phase === "failed"
          ? words.failed
          : words.refused}:</strong> <span lang="en">${error}</span></p>
        <button @click=${() => this.#startAgain()}>${words.again}</button>
      </div>
    `;
  }

  #foot(): TemplateResult {
    const { lab: words } = this.#texts;
    const computer = this._computer;
    if (!computer) return html`<p>${words.private}</p>`;
    const note = words.computerNote(computer);
    const { millisecondsPerStep, millisecondsPer1000Scored } = this._state?.speed ?? {};
    const rounded = (value: number | undefined) => value?.toLocaleString(words.locale, { maximumSignificantDigits: 2 });
    const speed = words.speed(rounded(millisecondsPerStep), rounded(millisecondsPer1000Scored));
    return html`
      <p>${words.private} ${this._offline === "stored" ? words.offline : ""}</p>
      <p class="computer">${[words.computer(computer), speed].filter(Boolean).join(": ")}</p>
      ${note
        ? html`<details><summary>${note}</summary>${words.computerHelp.map((line) => html`<p>${line}</p>`)}</details>`
        : nothing}
    `;
  }

  /** Language and colours, on the document and for the next visit. */
  #dress(): void {
    document.documentElement.lang = this._language;
    if (this._theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = this._theme;
    writeLook({ language: this._language, theme: this._theme });
  }

  async #keepOffline(): Promise<void> {
    this.#copy = await registerOffline();
    this._offline = this.#copy?.state;
    this.#copy?.subscribe((state) => {
      this._offline = state;
    });
  }

  async #start(): Promise<void> {
    try {
      this.#client = await startEngine(this._place.wish, (state) => this.#see(state));
      this._computer = this.#client.computer;
      await this.#choose();
      await this.#open();
      // Last, since who only watches needs none of it.
      const library = await this.#client.engine.library() as unknown as Remote<Library>;
      this._library = () => library;
    } catch (thrown) {
      this._error = messageOf(thrown);
    }
  }

  async #startAgain(): Promise<void> {
    this.#client?.close();
    this.#client = undefined;
    // What the Worker that has ended gave is of no use any more.
    this.#opened = undefined;
    this.#wanted = undefined;
    this._library = undefined;
    this._error = undefined;
    this._state = undefined;
    await this.#start();
  }

  /** What there is to choose. */
  #choose = async (): Promise<void> => {
    this._choices = await this.#client?.engine.choices();
  };

  async #open(): Promise<void> {
    const { settings, run, tab } = this._place;
    // Who looks at what is kept waits for no model.
    if (tab === "data") return;
    const opened = openedBy(this._place);
    this.#opened = opened;
    try {
      this._error = undefined;
      if (run === undefined) await this.#client?.engine.open(settings, true);
      else {
        const nearest = await this.#client?.engine.openKept(run, settings.seed, true);
        // Who has gone elsewhere meanwhile is not brought back.
        if (nearest && this.#opened === opened && this._place.run === run) {
          this.#replace({
            ...this._place,
            settings: nearest,
            tab: this._place.tab === "data" ? "data" : tabOf(nearest),
          });
          this.#opened = openedBy(this._place);
        }
      }
    } catch (thrown) {
      // What was wished for before is of no interest any more.
      if (this.#opened === opened) this._error = messageOf(thrown);
    }
  }

  /** Something that was kept is removed, and what ran has ended: what is gone can be chosen no more. `left`: the runs that are left. */
  async #forget(left: readonly string[]): Promise<void> {
    this.#opened = undefined;
    this._state = undefined;
    this._view = undefined;
    this.#wanted = undefined;
    this._example = undefined;
    this._error = undefined;
    await this.#choose();
    const { run, settings, ...place } = this._place;
    const { data, models } = this._choices!;
    const { data: usualData, successor, acquisition } = usualSettings;
    const isThere = (name: string) => models.some((model) => model.name === name);
    this.#replace({
      ...place,
      ...(run !== undefined && left.includes(run) ? { run } : {}),
      settings: {
        ...settings,
        data: data.some(({ name }) => name === settings.data) ? settings.data : usualData,
        successor: isThere(settings.successor) ? settings.successor : successor,
        acquisition: isThere(settings.acquisition) ? settings.acquisition : acquisition,
      },
    });
  }

  #openRun(run: string): void {
    const { round: _, ...place } = this._place;
    this.#go({ ...place, run, tab: "lab" });
  }

  #openData(data: string, tab: Tab): void {
    const { run: _, ...place } = inTab(this._place, tab);
    this.#go({ ...place, settings: { ...place.settings, data } });
  }

  /** The address of where one is already. */
  #replace(place: Place): void {
    history.replaceState(null, "", writePlace(place));
    this._place = place;
  }

  #see(state: LabState): void {
    // A state of settings that have changed since is of no use.
    const { run, settings } = this._place;
    const isOurs = run === undefined
      ? JSON.stringify(state.settings) === JSON.stringify(settings)
      : state.folder === run;
    if (!isOurs) return;
    const before = this._state;
    this._state = state;
    if (state.error !== undefined) this._error = state.error;
    this.#announce(before, state);
    this.#fetchView();
  }

  /** One sentence a round, to who does not see the curves grow. */
  #announce(before: LabState | undefined, state: LabState): void {
    const pointsOf = (each: LabState | undefined) =>
      (each?.arms ?? []).flatMap(({ scores }) => scores.length || []).sort((a, b) => a - b)[0] ?? 0;
    const points = pointsOf(state);
    if (points <= pointsOf(before)) return;
    const { lab: words, label } = this.#texts;
    const ofPerson = state.settings.oracle === "person";
    const scores = state.arms.flatMap((arm, index) => {
      const value = arm.scores[points - 1]?.toLocaleString(words.locale, { maximumFractionDigits: 3 });
      const name = ofPerson ? [label.you, label.twin][index] : words.arm(arm.relation, arm.acquisition);
      return value === undefined ? [] : [`${name}: ${value}`];
    });
    this._announcement = words.roundDone(points - 1, state.counts[points - 1]!, scores.join(", "));
  }

  async #fetchView(): Promise<void> {
    const round = this.#round;
    if (round === undefined) {
      this.#wanted = undefined;
      return;
    }
    const { folder, settings } = this._state!;
    const wanted = `${folder}/${settings.acquisition}/${round}`;
    if (this.#wanted === wanted) return;
    this.#wanted = wanted;
    const view = await this.#client?.engine.view(round);
    if (this.#wanted !== wanted) return;
    if (!view) {
      this.#wanted = undefined;
      return;
    }
    this._view = view;
    this._example = undefined;
    const ids = [...new Set(Object.values(view.picks).flat())].map((place) => view.ids[place]!);
    this._excerpts = new Map(await this.#client?.engine.excerpts(ids) ?? []);
  }

  async #openExample(id: string | undefined): Promise<void> {
    const view = this._view;
    this.#read = id;
    const example = id === undefined || !view ? undefined : await this.#client?.engine.example(id, view.round);
    if (this.#read !== id) return;
    // A round that has come meanwhile knows it otherwise.
    if (view !== this._view) return await this.#openExample(id);
    this._example = example;
    // Who has read goes on with the rounds.
    if (!example) void this.#fetchView();
  }

  /** The latest round is followed by those to come. */
  #chooseRound(chosen: number): void {
    const { round: _, ...place } = this._place;
    this._example = undefined;
    this.#go(chosen === this._state?.views.at(-1) ? place : { ...place, round: chosen });
  }

  /** Has the engine do what a person wants; what it cannot do is said. */
  async #tell(wish: (engine: EngineClient["engine"]) => Promise<void>): Promise<void> {
    try {
      if (this.#client) await wish(this.#client.engine);
    } catch (thrown) {
      this._error = messageOf(thrown);
    }
  }

  /** What a person gave, or somebody brought here, is not removed unasked. */
  #askToRestart(): void {
    const { run, settings } = this._place;
    if (run !== undefined || settings.oracle === "person") this._sure = true;
    else void this.#restart();
  }

  async #restart(): Promise<void> {
    // What is there belongs to what will be gone: answers to a batch of the same texts, too.
    this._state = undefined;
    this._view = undefined;
    this._example = undefined;
    this.#wanted = undefined;
    await this.#tell((engine) => engine.restart());
  }

  #change(settings: Settings): void {
    const old = this._place.settings;
    this._before = old.strategy === settings.strategy ? undefined : old.strategy;
    const { round: _, run: __, ...place } = this._place;
    this.#go({ ...place, settings });
  }

  #go(place: Place): void {
    const address = writePlace(place);
    if (address !== location.hash) history.pushState(null, "", address);
    this.#arrive(place);
  }

  #followAddress = (): void => this.#arrive(readPlace(location.hash));

  #arrive(place: Place): void {
    // The same pool is there until the models have learned: how another strategy's picks differ shows at once.
    const samePool = poolOf(place) === poolOf(this._place);
    this._place = place;
    if (place.tab !== "data" && openedBy(place) !== this.#opened) {
      this._state = undefined;
      this.#wanted = undefined;
      this._example = undefined;
      if (!samePool) this._view = undefined;
      void this.#open();
    } else void this.#fetchView();
  }

  #skip = (): void => {
    this.renderRoot.querySelector<HTMLElement>("#main")!.focus();
  };
}

/** What of a place the engine opens. */
function openedBy({ settings, run }: Place): string {
  return JSON.stringify([settings, run]);
}

/** What decides the pool that is looked at, before there are rounds. */
function poolOf({ settings: { strategy: _, ...settings }, run }: Place): string {
  return JSON.stringify([settings, run]);
}

function tabOf({ oracle }: Settings): Tab {
  return oracle === "person" ? "label" : "lab";
}

customElements.define("pupil-page", PupilPage);
