import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Remote } from "comlink";
import type { Choices, Computer, ExampleView, LabState, Library, RoundView, Settings } from "../engine/api.ts";
import { messageOf } from "../../src/errors.ts";
import "../lab/lab_view.ts";
import "../label/label_view.ts";
import "../kept/kept_view.ts";
import { type Language, languageOf, languages, type Texts } from "../texts/texts.ts";
import { inTab, type Place, readPlace, type Tab, TABS, writePlace } from "./address.ts";
import { type EngineClient, startEngine } from "./engine_client.ts";
import { type OfflineCopy, type OfflineState, registerOffline } from "../offline/register.ts";
import { readLook, writeLook } from "./preferences.ts";
import { adoptTheme, baseStyles } from "./theme.ts";

/** The page: its head, the view of the chosen tab, and what computes. It holds the engine and hands down what the engine says. */
export class PupilPage extends LitElement {
  static override properties = {
    _place: { state: true },
    _computer: { state: true },
    _choices: { state: true },
    _library: { state: true },
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
  /** What the views that are fetched belong to; a later wish overtakes an earlier one. */
  #wanted = 0;

  constructor() {
    super();
    const { language, theme } = readLook();
    this._place = readPlace(location.hash);
    this._language = language ?? languageOf(navigator.languages);
    this._theme = theme;
    this._excerpts = new Map();
    this._announcement = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    adoptTheme(document);
    this.#dress();
    addEventListener("hashchange", this.#followAddress);
    void this.#start();
    void this.#keepOffline();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("hashchange", this.#followAddress);
    this.#client?.close();
  }

  get #texts(): Texts {
    return languages[this._language];
  }

  /** The round that is looked at: the address's, else the latest. */
  get #round(): number | undefined {
    const views = this._state?.views ?? [];
    const { round } = this._place;
    return round !== undefined && views.includes(round) ? round : views.at(-1);
  }

  protected override render(): TemplateResult {
    const { lab: words } = this.#texts;
    const { tab } = this._place;
    return html`
      <a class="skip" href="#main" @click=${this.#skip}>${words.skip}</a>
      <header>
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
          <button @click=${() => this.#copy?.update()}>${words.reload}</button></div>`
        : nothing}
      <main id="main" tabindex="-1">${this.#tab(tab)}</main>
      <footer>${this.#foot()}</footer>
      <p class="visually-hidden" role="status">${this._announcement}</p>
    `;
  }

  #tab(tab: Tab): TemplateResult {
    if (tab === "data") {
      const library = this._library;
      return library
        ? html`
          <kept-view .library=${library} .words=${this.#texts.kept} @kept-changed=${this.#choose}
            @open-run=${({ detail: run }: CustomEvent<string>) => this.#openRun(run)}
            @open-data=${({ detail: { name, tab } }: CustomEvent<{ name: string; tab: Tab }>) =>
              this.#openData(name, tab)}></kept-view>
        `
        : html`<p>${this.#texts.lab.starting}</p>`;
    }
    if (tab === "label") {
      return html`
        <label-view .state=${this._state} .settings=${this._place.settings} .choices=${this._choices}
          .texts=${this.#texts} @settings-changed=${(event: CustomEvent<Settings>) => this.#change(event.detail)}
          @restart=${() => this.#client?.engine.restart()}
          @answer=${({ detail: { id, label } }: CustomEvent<{ id: string; label: string | null }>) =>
            this.#client?.engine.answer(id, label)}
          @finish-batch=${() => this.#client?.engine.finishBatch()}></label-view>
      `;
    }
    return html`
      <lab-view .state=${this._state} .settings=${this._place.settings} .choices=${this._choices}
        .view=${this._view} .round=${this.#round} .example=${this._example} .excerpts=${this._excerpts}
        .strategyBefore=${this._before} .texts=${this.#texts}
        @settings-changed=${(event: CustomEvent<Settings>) => this.#change(event.detail)}
        @run=${() => this.#client?.engine.run()} @pause=${() => this.#client?.engine.pause()}
        @one-round=${() => this.#client?.engine.oneRound()} @restart=${() => this.#client?.engine.restart()}
        @self=${() => this.#client?.engine.withSelf()}
        @round-chosen=${(event: CustomEvent<number>) => this.#go({ ...this._place, round: event.detail })}
        @example-chosen=${(event: CustomEvent<{ id?: string }>) => this.#openExample(event.detail.id)}></lab-view>
    `;
  }

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
        <p><strong>${words.failed}</strong> ${error}</p>
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
      const library = await this.#client.engine.library() as unknown as Remote<Library>;
      this._library = () => library;
      await this.#choose();
      await this.#open();
    } catch (thrown) {
      this._error = messageOf(thrown);
    }
  }

  async #startAgain(): Promise<void> {
    this.#client?.close();
    this.#client = undefined;
    this._error = undefined;
    this._state = undefined;
    await this.#start();
  }

  /** What there is to choose. */
  #choose = async (): Promise<void> => {
    this._choices = await this.#client?.engine.choices();
  };

  async #open(): Promise<void> {
    const { settings, run } = this._place;
    try {
      this._error = undefined;
      if (run === undefined) await this.#client?.engine.open(settings, true);
      else {
        const nearest = await this.#client?.engine.openKept(run, settings.seed, true);
        if (nearest) {
          this.#replace({
            ...this._place,
            settings: nearest,
            tab: this._place.tab === "data" ? "data" : tabOf(nearest),
          });
        }
      }
    } catch (thrown) {
      this._error = messageOf(thrown);
    }
  }

  #openRun(run: string): void {
    const { round: _, ...place } = this._place;
    this.#go({ ...place, run, tab: "lab" });
  }

  #openData(data: string, tab: Tab): void {
    const place = inTab(this._place, tab);
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
      Math.min(...(each?.arms ?? []).flatMap(({ scores }) => scores.length || []));
    const points = pointsOf(state);
    if (!Number.isFinite(points) || points <= pointsOf(before)) return;
    const { lab: words } = this.#texts;
    const scores = state.arms.filter((arm) => arm.scores.length >= points).map((arm) => {
      const score = arm.scores[points - 1]!.toLocaleString(words.locale, { maximumFractionDigits: 3 });
      return `${words.arm(arm.relation, arm.acquisition)}: ${score}`;
    });
    this._announcement = words.roundDone(points - 1, state.counts[points - 1]!, scores.join(", "));
  }

  async #fetchView(): Promise<void> {
    const round = this.#round;
    if (round === undefined || this._view?.round === round) return;
    const mine = ++this.#wanted;
    const view = await this.#client?.engine.view(round);
    if (mine !== this.#wanted || !view) return;
    this._view = view;
    this._example = undefined;
    const ids = [...new Set(Object.values(view.picks).flat())].map((place) => view.ids[place]!);
    this._excerpts = new Map(await this.#client?.engine.excerpts(ids) ?? []);
  }

  async #openExample(id: string | undefined): Promise<void> {
    const round = this._view?.round;
    this._example = id === undefined || round === undefined ? undefined : await this.#client?.engine.example(id, round);
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
    const of = ({ settings, run }: Place) => JSON.stringify([settings, run]);
    const changed = of(place) !== of(this._place);
    this._place = place;
    if (changed) {
      this._state = undefined;
      void this.#open();
    } else void this.#fetchView();
  }

  #skip = (event: Event): void => {
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>("#main")!.focus();
  };
}

function tabOf({ oracle }: Settings): Tab {
  return oracle === "person" ? "label" : "lab";
}

customElements.define("pupil-page", PupilPage);
