import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Settings } from "../engine/api.ts";
import { messageOf } from "../../src/errors.ts";
import "../lab/lab_view.ts";
import { type OfflineCopy, type OfflineState, registerOffline } from "../offline/register.ts";
import { type Language, languageOf, languages } from "../texts/languages.ts";
import type { Texts } from "../texts/texts.ts";
import { amongThose, inTab, type Place, readPlace, type Tab, TABS, writePlace } from "./address.ts";
import { announcement } from "./announcement.ts";
import { LabFollower } from "./lab_follower.ts";
import { pageStyles } from "./page_styles.ts";
import { readLook, writeLook } from "./preferences.ts";
import "./sure_dialog.ts";
import { adoptTheme, baseStyles } from "./theme.ts";

/** What the tabs that are not the first show is loaded once they are chosen. */
const elements: Readonly<Record<Tab, () => Promise<unknown>>> = {
  lab: () => Promise.resolve(),
  label: () => import("../label/label_view.ts"),
  data: () => import("../kept/kept_view.ts"),
};

/** The page: its head, the view of the chosen tab, and its foot. It knows where one is, and hands down what the engine says of that. */
export class PupilPage extends LitElement {
  static override properties = {
    _place: { state: true },
    _sure: { state: true },
    _updating: { state: true },
    _othersRun: { state: true },
    _before: { state: true },
    _language: { state: true },
    _theme: { state: true },
    _announcement: { state: true },
    _offline: { state: true },
  };
  static override styles = [baseStyles, pageStyles];

  declare private _place: Place;
  /** Whether it is asked if all begins again. */
  declare private _sure: boolean;
  declare private _updating: boolean;
  /** Whether other tabs keep the new version from starting. */
  declare private _othersRun: boolean;
  declare private _before: string | undefined;
  declare private _language: Language;
  declare private _theme: "auto" | "light" | "dark";
  declare private _announcement: string;
  declare private _offline: OfflineState | undefined;
  #copy: OfflineCopy | undefined;
  readonly #lab = new LabFollower(this, {
    place: () => this._place,
    replace: (place) => this.#replace(place),
    moved: (before, now) => {
      this._announcement = announcement(before, now, this.#texts) ?? this._announcement;
    },
  });

  constructor() {
    super();
    const { language, theme } = readLook();
    this._place = readPlace(location.hash);
    this._language = language ?? languageOf(navigator.languages);
    this._theme = theme;
    this._announcement = "";
    this._sure = false;
    this._updating = false;
    this._othersRun = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    adoptTheme(document);
    this.#dress();
    // A link that is copied says all from the first moment on.
    this.#replace(this._place);
    addEventListener("hashchange", this.#followAddress);
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
  }

  get #texts(): Texts {
    return languages[this._language];
  }

  /** What is said while there is no state: nothing below an error. */
  get #waiting(): string {
    const { lab: words } = this.#texts;
    const { error, computer } = this.#lab.followed;
    if (error !== undefined) return "";
    if (!computer) return words.starting;
    const large = this.#lab.followed.choices?.models.find(({ name, megabytes }) =>
      megabytes !== undefined && [this._place.settings.successor, this._place.settings.acquisition].includes(name)
    );
    return large ? words.opening(large.name, large.megabytes!) : `${words.phase.preparing} …`;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("_place")) return;
    elements[this._place.tab]().catch((thrown) => this.#lab.fail(messageOf(thrown)));
  }

  protected override render(): TemplateResult {
    const { lab: words } = this.#texts;
    const { tab } = this._place;
    const { error } = this.#lab.followed;
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
      ${error === undefined ? nothing : this.#trouble(error)}
      ${this._offline === "update"
        ? html`<div class="news" role="status"><p>${words.newVersion}</p>
          <button ?disabled=${this._updating} @click=${this.#update}>${words.reload}</button>
          ${this._othersRun ? html`<p>${words.closeOtherTabs}</p>` : nothing}</div>`
        : nothing}
      <main id="main" tabindex="-1">${this.#tab(tab)}</main>
      <footer>${this.#foot()}</footer>
      ${this._sure ? this.#sure() : nothing}
      <p class="visually-hidden" role="status">${this._announcement}</p>
    `;
  }

  #tab(tab: Tab): TemplateResult {
    const { state, choices, library, view, example, excerpts } = this.#lab.followed;
    if (tab === "data") {
      return library
        ? html`
          <kept-view .library=${library} .words=${this.#texts.kept} @kept-changed=${this.#lab.choose}
            @kept-removed=${({ detail: left }: CustomEvent<readonly string[]>) => this.#forget(left)}
            @open-run=${({ detail: run }: CustomEvent<string>) => this.#openRun(run)}
            @open-data=${({ detail: { name, tab } }: CustomEvent<{ name: string; tab: Tab }>) =>
              this.#openData(name, tab)}></kept-view>
        `
        : html`<p>${this.#waiting}</p>`;
    }
    if (tab === "label") {
      return html`
        <label-view .state=${state} .settings=${this._place.settings} .choices=${choices}
          .waiting=${this.#waiting} .texts=${this.#texts} @settings-changed=${(event: CustomEvent<Settings>) =>
            this.#change(event.detail)}
          @restart=${() => this.#askToRestart()}
          @answer=${({ detail: { id, label } }: CustomEvent<{ id: string; label: string | null }>) =>
            this.#lab.tell((engine) => engine.answer(id, label))}
          @finish-batch=${() => this.#lab.tell((engine) => engine.finishBatch())}></label-view>
      `;
    }
    return html`
      <lab-view .state=${state} .settings=${this._place.settings} .choices=${choices}
        .view=${view} .round=${this.#lab.round} .example=${example} .excerpts=${excerpts}
        .strategyBefore=${this._before} .waiting=${this.#waiting} .texts=${this.#texts}
        @settings-changed=${(event: CustomEvent<Settings>) => this.#change(event.detail)}
        @run=${() => this.#lab.tell((engine) => engine.run())} @pause=${() =>
          this.#lab.tell((engine) => engine.pause())}
        @one-round=${() => this.#lab.tell((engine) => engine.oneRound())} @restart=${() => this.#askToRestart()}
        @self=${() => this.#lab.tell((engine) => engine.withSelf())}
        @round-chosen=${(event: CustomEvent<number>) => this.#chooseRound(event.detail)}
        @example-chosen=${(event: CustomEvent<{ id?: string }>) => this.#lab.openExample(event.detail.id)}></lab-view>
    `;
  }

  #sure(): TemplateResult {
    const { lab, kept } = this.#texts;
    return html`
      <sure-dialog .question=${lab.restartSure} .yes=${lab.restart} .no=${kept.cancel}
        @sure=${() => this.#lab.restart()} @close=${() => {
          this._sure = false;
        }}></sure-dialog>
    `;
  }

  #update = async (): Promise<void> => {
    this._updating = true;
    const reloads = await this.#copy?.update();
    this._othersRun = reloads === false;
    this._updating = reloads === true;
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
        <p><strong>${this.#lab.followed.state?.phase === "failed"
          ? words.failed
          : words.refused}:</strong> <span lang="en">${error}</span></p>
        <button @click=${() => this.#lab.startAgain()}>${words.again}</button>
      </div>
    `;
  }

  #foot(): TemplateResult {
    const { lab: words } = this.#texts;
    const { computer, state } = this.#lab.followed;
    if (!computer) return html`<p>${words.private}</p>`;
    const note = words.computerNote(computer);
    const { millisecondsPerStep, millisecondsPer1000Scored } = state?.speed ?? {};
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

  /** Something that was kept is removed, and what ran has ended: what is gone can be chosen no more. `left`: the runs that are left. */
  async #forget(left: readonly string[]): Promise<void> {
    await this.#lab.forget();
    this.#replace(amongThose(this._place, left, this.#lab.followed.choices!));
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

  /** The latest round is followed by those to come. */
  #chooseRound(chosen: number): void {
    const { round: _, ...place } = this._place;
    this.#lab.closeExample();
    this.#go(chosen === this.#lab.followed.state?.views.at(-1) ? place : { ...place, round: chosen });
  }

  /** What a person gave, or somebody brought here, is not removed unasked. */
  #askToRestart(): void {
    const { run, settings } = this._place;
    if (run !== undefined || settings.oracle === "person") this._sure = true;
    else void this.#lab.restart();
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
    const from = this._place;
    this._place = place;
    this.#lab.arrive(from);
  }

  #skip = (): void => {
    this.renderRoot.querySelector<HTMLElement>("#main")!.focus();
  };
}

customElements.define("pupil-page", PupilPage);
