import type { Remote } from "comlink";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { messageOf } from "../../src/errors.ts";
import type { DroppedFile } from "../data/dropped_entries.ts";
import type { ColumnChoice } from "../data/guess_columns.ts";
import type { OwnData, OwnDataChoice } from "../data/own_data.ts";
import type { Preview } from "../data/preview.ts";
import type { GivenTable, HubModel, KeptRun, Library, OwnModel, Saved, Storage } from "../engine/api.ts";
import { saveFile } from "../page/save_file.ts";
import "../page/sure_dialog.ts";
import { svgToPng } from "../page/svg_to_png.ts";
import { baseStyles, columnStyles, panelStyles } from "../page/theme.ts";
import type { KeptWords } from "../texts/kept.ts";
import { en } from "../texts/english.ts";
import "./file_drop.ts";
import type { FetchState } from "./hub_fetch.ts";
import "./hub_form.ts";
import "./runs_table.ts";
import type { SavedPart } from "./runs_table.ts";
import "./table_preview.ts";

/** What a person is asked once more before it is done. */
interface Sure {
  readonly question: string;
  /** The panel that it is removed from. */
  readonly among: "data" | "runs" | "models";
  readonly act: () => Promise<void>;
}

/** Milliseconds. */
const BETWEEN_LOOKS = 5000;

/**
 * Data, models and runs that are kept in this browser, how they come in and go out. Fires `kept-changed` where there is something else to
 * choose, `open-run` {detail: folder} and `open-data` {detail: {name, tab}}.
 */
export class KeptView extends LitElement {
  static override properties = {
    library: { attribute: false },
    words: { attribute: false },
    _given: { state: true },
    _preview: { state: true },
    _data: { state: true },
    _models: { state: true },
    _hubModels: { state: true },
    _runs: { state: true },
    _storage: { state: true },
    _said: { state: true },
    _error: { state: true },
    _busy: { state: true },
    _sure: { state: true },
  };
  static override styles = [
    baseStyles,
    panelStyles,
    columnStyles,
    css`
      textarea {
        display: block;
        width: 100%;
        min-height: 5rem;
        margin: 0.25rem 0 0.5rem;
        padding: 0.5rem;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--surface);
      }
      .paste {
        display: block;
        margin-top: 0.75rem;
        color: var(--muted);
        font-size: 0.875rem;
      }
      ul {
        margin: 0.75rem 0 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        gap: 0.35rem 1rem;
        align-items: center;
        padding: 0.4rem 0;
        border-top: 1px solid var(--line);
      }
      .name {
        overflow-wrap: anywhere;
      }
      li .quiet {
        margin-inline-end: auto;
      }
      .model button {
        margin-inline-start: auto;
      }
      .bring,
      .drops {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
        margin-top: 0.75rem;
      }
      .drops file-drop {
        flex: 1 1 16rem;
      }
      /* Whoever has scrolled to the button that was pressed sees what came of it. */
      .error,
      .said.any {
        position: sticky;
        top: 0.5rem;
        z-index: 1;
        margin: 0;
        overflow-wrap: anywhere;
        white-space: pre-line;
      }
      .error {
        border-color: var(--bad);
        color: var(--bad);
      }
      .said:not(.any) {
        position: absolute;
      }
      code {
        font-family: var(--mono);
        font-size: 0.875em;
        white-space: nowrap;
      }
    `,
  ];

  /** A function, since a template may not look into a Worker's proxy. */
  declare library: () => Remote<Library>;
  declare words: KeptWords;
  declare private _given: GivenTable | undefined;
  declare private _preview: Preview | undefined;
  declare private _data: readonly OwnData[];
  declare private _models: readonly OwnModel[];
  declare private _hubModels: readonly HubModel[];
  declare private _runs: readonly KeptRun[];
  declare private _storage: Storage | undefined;
  declare private _said: string;
  declare private _error: string | undefined;
  declare private _busy: boolean;
  declare private _sure: Sure | undefined;

  /** What stands in the box for pasted texts, also while a preview is in its place. */
  #pasted = "";
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.words = en.kept;
    this._data = [];
    this._models = [];
    this._hubModels = [];
    this._runs = [];
    this._said = "";
    this._busy = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#begin();
  }

  /** Not before: what was given to the element while its code was on the way arrives with the first update. */
  protected override firstUpdated(): void {
    this.#begin();
  }

  #begin(): void {
    void this.#doing(() => this.#look());
    this.#lookAgain();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#again);
  }

  protected override render(): TemplateResult {
    const { words } = this;
    const said = this._busy ? words.working : this._said;
    return html`
      ${this._error === undefined ? nothing : html`<p class="panel error" role="alert" lang="en">${this._error}</p>`}
      <p class="said ${said ? "any panel" : ""}" role="status">${said}</p>
      <div class="columns">
        <div class="stack">${this.#ownData()}${this.#ownRuns()}</div>
        <div class="stack">${this.#succession()}${this.#ownModels()}${this.#kept()}</div>
      </div>
      ${this.#question()}
    `;
  }

  #ownData(): TemplateResult {
    const { words } = this;
    return html`
      <section class="panel" aria-labelledby="data">
        <h2 id="data" tabindex="-1">${words.data}</h2>
        <p class="quiet">${words.dataIntro}</p>
        ${this._preview
          ? html`
            <table-preview .suggested=${"pasted" in this._given! ? words.pasted : undefined} .preview=${this
              ._preview} .words=${words} ?busy=${this._busy}
              @columns=${(event: CustomEvent<ColumnChoice>) => this.#preview(this._given!, event.detail)}
              @keep=${(event: CustomEvent<OwnDataChoice>) => this.#keep(event.detail)}
              @cancel=${() => {
                this.#forget();
                void this.#holdFocus("#data");
              }}></table-preview>
          `
          : html`
            <file-drop label=${words.choose} hint=${words.drop} accept=".csv,.tsv,.jsonl,.ndjson,.json,.txt,.gz"
              @files=${({ detail: [first] }: CustomEvent<DroppedFile[]>) =>
                this.#preview({ file: new File([first!.file], first!.path.split("/").at(-1)!) })}></file-drop>
            <label class="paste">${words.paste}<textarea spellcheck="false" .value=${this
              .#pasted} @input=${(event: InputEvent) => {
              this.#pasted = (event.target as HTMLTextAreaElement).value;
            }}></textarea></label>
            <button @click=${this.#paste}>${words.pasteButton}</button>
          `}
        <ul>${this._data.map((own) =>
          html`<li><bdi class="name">${own.title}</bdi><span class="quiet">${
            words.dataRow(own.rows, own.labelled)
          }</span>
          ${
            own.labelled === own.rows
              ? html`<button aria-label=${`${words.openLab}: ${own.title}`} @click=${() =>
                this.#fire("open-data", { name: own.name, tab: "lab" })}>${words.openLab}</button>`
              : nothing
          }
          <button aria-label=${`${words.openLabel}: ${own.title}`} @click=${() =>
            this.#fire("open-data", { name: own.name, tab: "label" })}>${words.openLabel}</button>
          <button aria-label=${words.removeNamed(own.title)} @click=${() =>
            this.#ask(own.title, "data", () => this.library().removeData(own.name))}>${words.remove}</button>
        </li>`
        )}</ul>
      </section>
    `;
  }

  #ownRuns(): TemplateResult {
    const { words } = this;
    return html`
      <section class="panel" aria-labelledby="runs">
        <h2 id="runs" tabindex="-1">${words.runs}</h2>
        <p class="quiet">${words.runsIntro}</p>
        <runs-table .runs=${this._runs} .words=${words} ?busy=${this._busy}
          @open-run=${({ detail }: CustomEvent<string>) => this.#fire("open-run", detail)}
          @remove-run=${({ detail }: CustomEvent<string>) =>
            this.#ask(detail, "runs", () => this.library().removeRun(detail))}
          @save=${({ detail: { folder, part } }: CustomEvent<{ folder: string; part: SavedPart }>) =>
            this.#save(folder, part)}></runs-table>
        <div class="drops">
          <file-drop label=${words.importZip} hint=${words.drop} accept=".zip" @files=${this.#bring}></file-drop>
          <file-drop label=${words.importFolder} hint=${words.drop} folder @files=${this.#bring}></file-drop>
        </div>
      </section>
    `;
  }

  #succession(): TemplateResult {
    const { words } = this;
    return html`
      <section class="panel" aria-labelledby="succeed">
        <h2 id="succeed">${words.continueTitle}</h2>
        ${words.continueHow.map(({ before, command, after }) => html`<p>${before}<code>${command}</code>${after}</p>`)}
      </section>
    `;
  }

  #ownModels(): TemplateResult {
    const { words } = this;
    return html`
      <section class="panel" aria-labelledby="models">
        <h2 id="models" tabindex="-1">${words.model}</h2>
        <p class="quiet">${words.modelIntro}</p>
        <file-drop label=${words.modelFolder} hint=${words.drop} folder
          @files=${({ detail }: CustomEvent<DroppedFile[]>) =>
            this.#doing(async () => {
              this._said = words.modelKept(await this.library().keepModel(detail));
              await this.#look();
              this.#fire("kept-changed");
            })}></file-drop>
        <hub-form .library=${this.library} .words=${words} @fetch-began=${() => this.#quieten()}
          @fetch-ended=${({ detail }: CustomEvent<FetchState>) => this.#fetched(detail)}></hub-form>
        <ul>${this._models.map(({ name, bytes }) =>
          this.#ownModel(name, words.bytes(bytes), () => this.library().removeModel(name))
        )}${this._hubModels.map(({ name, bytes, choices, unfinished }) => {
          // What is called by the name alone needs no word.
          const called = choices.filter((choice) => choice !== name).map((choice) => choice.slice(name.length + 1));
          const said = [words.bytes(bytes), ...called, ...(unfinished.length > 0 ? [words.hub.unfinished] : [])];
          return this.#ownModel(name, said.join(", "), () => this.library().removeHubModel(name));
        })}</ul>
      </section>
    `;
  }

  #ownModel(name: string, said: string, remove: () => Promise<void>): TemplateResult {
    const { words } = this;
    return html`<li class="model"><bdi class="name">${name}</bdi><span class="quiet">${said}</span>
      <button aria-label=${words.removeNamed(name)} @click=${() =>
      this.#ask(name, "models", remove)}>${words.remove}</button>
    </li>`;
  }

  #kept(): TemplateResult {
    const { words, _storage: storage } = this;
    return html`
      <section class="panel" aria-labelledby="storage">
        <h2 id="storage">${words.storage}</h2>
        ${storage
          ? html`<p>${words.used(words.bytes(storage.used), words.bytes(storage.allowed))} ${
            words.kept(storage.kept)
          }</p>`
          : nothing}
        <div class="bring">
          ${storage && !storage.kept ? html`<button @click=${this.#askKeep}>${words.askKeep}</button>` : nothing}
          <button @click=${() => {
            this._sure = { question: words.clearSure, among: "data", act: () => this.library().clear() };
          }}>${words.clear}</button>
        </div>
      </section>
    `;
  }

  #question(): TemplateResult | typeof nothing {
    const { words, _sure: sure } = this;
    if (!sure) return nothing;
    return html`
      <sure-dialog .question=${sure.question} .yes=${words.remove} .no=${words.cancel}
        @sure=${() => this.#remove(sure)} @close=${() => {
          this._sure = undefined;
        }}></sure-dialog>
    `;
  }

  #ask(name: string, among: Sure["among"], act: () => Promise<void>): void {
    this._sure = { question: this.words.removeSure(name), among, act };
  }

  #remove({ act, among }: Sure): Promise<void> {
    return this.#doing(async () => {
      try {
        await act();
      } finally {
        // Where it fails, too: what ran has ended, and part of what was meant may be gone.
        await this.#look().catch(() => {});
        this.#fire("kept-removed", this._runs.map(({ folder }) => folder));
        void this.#holdFocus(`#${among}`);
      }
    });
  }

  /** A run that goes on meanwhile grows. What cannot be read now is told when a person wants something of it. */
  #lookAgain(): void {
    clearTimeout(this.#again);
    this.#again = setTimeout(async () => {
      if (!this._busy && document.visibilityState === "visible") await this.#look().catch(() => {});
      if (this.isConnected) this.#lookAgain();
    }, BETWEEN_LOOKS);
  }

  async #look(): Promise<void> {
    const library = this.library();
    [this._data, this._models, this._hubModels, this._runs, this._storage] = await Promise.all([
      library.data(),
      library.models(),
      library.hubModels(),
      library.runs(),
      library.storage(),
    ]);
  }

  #paste = (): void => {
    if (this.#pasted.trim() !== "") void this.#preview({ pasted: this.#pasted });
  };

  #preview(given: GivenTable, columns?: ColumnChoice): Promise<void> {
    return this.#doing(async () => {
      this._preview = await (columns ? this.library().preview(given, columns) : this.library().preview(given));
      this._given = given;
      void this.#holdFocus("table-preview");
    });
  }

  #keep(choice: OwnDataChoice): Promise<void> {
    return this.#doing(async () => {
      const own = await this.library().keepData(this._given!, choice);
      if ("pasted" in this._given!) this.#pasted = "";
      this.#forget();
      void this.#holdFocus("#data");
      this._said = this.words.dataRow(own.rows, own.labelled);
      await this.#look();
      this.#fire("kept-changed");
    });
  }

  #forget(): void {
    this._given = undefined;
    this._preview = undefined;
    this._error = undefined;
  }

  #bring = ({ detail }: CustomEvent<DroppedFile[]>): Promise<void> =>
    this.#doing(async () => {
      const { name, known, notices } = await this.library().importRun(detail);
      this._said = [this.words.imported(name, known), ...notices].join("\n");
      await this.#look();
      this.#fire("kept-changed");
    });

  #quieten(): void {
    this._error = undefined;
    this._said = "";
  }

  #fetched({ name, phase, error }: FetchState): Promise<void> {
    const { words } = this;
    return this.#doing(async () => {
      await this.#look();
      this.#fire("kept-changed");
      if (error !== undefined) throw new Error(error);
      this._said = phase === "done" ? words.modelKept(name) : words.hub.cancelled(name);
    });
  }

  #save(folder: string, part: SavedPart): Promise<void> {
    return this.#doing(async () => {
      const saved = await this.#part(folder, part);
      this._said = saved.notices.join("\n");
      if (part !== "png") return saveFile(saved.file, new Blob([saved.bytes], { type: saved.type }));
      saveFile(saved.file.replace(/svg$/, "png"), await svgToPng(new TextDecoder().decode(saved.bytes)));
    });
  }

  #part(folder: string, part: SavedPart): Promise<Saved> {
    if (part === "zip") return this.library().exportRun(folder);
    if (part === "labels") return this.library().exportLabels(folder);
    return this.library().exportCurves(folder, part === "csv" ? "csv" : "svg");
  }

  #askKeep = (): Promise<void> =>
    this.#doing(async () => {
      if (!await navigator.storage.persist()) this._said = this.words.notKept;
      await this.#look();
    });

  /** Puts the focus here if it was on something that has gone; who has moved on stays there. */
  async #holdFocus(selector: string): Promise<void> {
    // By then the elements within have drawn, too.
    await new Promise(requestAnimationFrame);
    if (document.activeElement !== document.body) return;
    this.renderRoot.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true });
  }

  /** Says that something is being done, and what went wrong. */
  async #doing(work: () => Promise<void>): Promise<void> {
    this._busy = true;
    this._said = "";
    this._error = undefined;
    try {
      await work();
    } catch (thrown) {
      this._error = messageOf(thrown);
    } finally {
      this._busy = false;
    }
  }

  #fire(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

customElements.define("kept-view", KeptView);
