import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { ColumnChoice } from "../data/guess_columns.ts";
import type { OwnDataChoice } from "../data/own_data.ts";
import type { Preview } from "../data/preview.ts";
import { baseStyles } from "../page/theme.ts";
import type { KeptWords } from "../texts/kept.ts";
import { en } from "../texts/english.ts";

/** How many classes are counted before a person's eyes, and characters of a name there. */
const CLASSES = 12;
const NAME = 60;

/**
 * The first rows of a person's table, and which columns are read. Fires `columns` {detail: ColumnChoice}, `keep` {detail: OwnDataChoice} and
 * `cancel`.
 */
export class TablePreview extends LitElement {
  static override properties = {
    preview: { attribute: false },
    suggested: { attribute: false },
    words: { attribute: false },
    busy: { type: Boolean },
    _classes: { state: true },
    _title: { state: true },
  };
  static override styles = [
    baseStyles,
    css`
      .table {
        max-height: 16rem;
        overflow: auto;
        border: 1px solid var(--line);
        border-radius: var(--radius);
      }
      td {
        max-width: 24rem;
        overflow: hidden;
        padding: 0.3rem 0.6rem;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      th {
        padding: 0.3rem 0.6rem;
        position: sticky;
        top: 0;
        background: var(--surface);
      }
      .read {
        color: var(--accent);
        font-weight: 600;
      }
      form {
        display: flex;
        flex-wrap: wrap;
        gap: 0.75rem 1rem;
        align-items: end;
        margin: 0.75rem 0;
      }
      label {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        max-width: 100%;
        gap: 0.15rem;
        color: var(--muted);
        font-size: 0.8125rem;
      }
      select,
      input {
        min-height: 2rem;
        max-width: 100%;
        padding: 0.2rem 0.5rem;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--surface);
        color: var(--text);
      }
      .wide {
        flex: 1 1 16rem;
      }
      p {
        overflow-wrap: anywhere;
      }
      .error {
        color: var(--bad);
      }
      .quiet {
        color: var(--muted);
        font-size: 0.875rem;
      }
    `,
  ];

  declare preview: Preview;
  /** What the data set is called until a person calls it otherwise; undefined for the file's own name. */
  declare suggested: string | undefined;
  declare words: KeptWords;
  declare busy: boolean;
  declare private _classes: string;
  declare private _title: string | undefined;

  constructor() {
    super();
    this.words = en.kept;
    this.busy = false;
    this._classes = "";
  }

  /** So that who has chosen a file goes on with what is in it. */
  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector<HTMLElement>("p")?.focus(options);
  }

  protected override render(): TemplateResult {
    const { preview, words } = this;
    const { chosen, columns, shown, rows, classes, unlabelled, error, warnings } = preview;
    return html`
      <p tabindex="-1"><strong>${words.preview(preview.file, preview.count)}</strong></p>
      <div class="table" tabindex="0" role="region" aria-label=${preview.file}>
        <table>
          <thead>
            <tr>${shown.map((column) =>
              html`<th scope="col" class=${
                Object.values(chosen).includes(column) ? "read" : ""
              }><bdi>${column}</bdi></th>`
            )}</tr>
          </thead>
          <tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td dir="auto">${cell}</td>`)}</tr>`)}</tbody>
        </table>
      </div>
      <form @submit=${this.#keep}>
        ${this.#column("text", words.text, columns)}
        ${this.#column("label", words.label, columns, words.noColumn)}
        ${this.#column("id", words.id, columns, words.noColumn)}
        ${unlabelled > 0
          ? html`<label class="wide">${words.classes}
            <input name="classes" .value=${this._classes} title=${words.classesHint} autocomplete="off"
              @input=${(event: InputEvent) => {
            this._classes = (event.target as HTMLInputElement).value;
          }} /></label>`
          : nothing}
        <label>${words.title}<input name="title" required .value=${this.#title} @input=${(event: InputEvent) => {
          this._title = (event.target as HTMLInputElement).value;
        }} /></label>
        <button class="primary" aria-disabled=${this.#mayKeep ? "false" : "true"}>${words.keep}</button>
        <button type="button" @click=${() => this.dispatchEvent(new CustomEvent("cancel"))}>${words.cancel}</button>
      </form>
      ${error === undefined ? nothing : html`<p class="error" role="alert" lang="en">${error}</p>`}
      ${shown.length < columns.length
        ? html`<p class="quiet">${words.columnsShown(shown.length, columns.length)}</p>`
        : nothing}
      ${classes.length > 0 ? this.#counts() : nothing}
      ${unlabelled > 0 ? html`<p class="quiet">${words.unlabelled(unlabelled)} ${words.classesHint}</p>` : nothing}
      ${warnings.map((warning) => html`<p class="quiet" lang="en">${warning}</p>`)}
    `;
  }

  get #title(): string {
    return this._title ?? this.suggested ?? this.preview.file.replace(/(\.gz)?$/i, "").replace(/\.[^.]*$/, "");
  }

  #column(key: keyof ColumnChoice, label: string, columns: readonly string[], none?: string): TemplateResult {
    const { [key]: value } = this.preview.chosen;
    return html`
      <label>${label}
        <select name=${key} @change=${(event: Event) => {
          const chosen = (event.target as HTMLSelectElement).value;
          const { [key]: _, ...rest } = this.preview.chosen;
          // A column's name is never empty: an empty value is none.
          const columns = { ...rest, ...(chosen === "" ? {} : { [key]: chosen }) } as ColumnChoice;
          this.dispatchEvent(new CustomEvent("columns", { detail: columns }));
        }}>
          ${none === undefined ? nothing : html`<option value="" ?selected=${value === undefined}>${none}</option>`}
          ${columns.map((column) => html`<option value=${column} ?selected=${column === value}>${column}</option>`)}
        </select>
      </label>
    `;
  }

  /** Each name by itself: one that is written from right to left turns only its own letters. */
  #counts(): TemplateResult {
    const { words, preview: { classes } } = this;
    const more = classes.length - CLASSES;
    return html`
      <p class="quiet">${words.classCounts} ${classes.slice(0, CLASSES).map(({ name, count }, index) =>
        html`${index > 0 ? ", " : ""}<bdi>${cut(name)}</bdi> ${count.toLocaleString(words.locale)}`
      )}${more > 0 ? words.moreClasses(more) : nothing}</p>
    `;
  }

  get #mayKeep(): boolean {
    const { classes, error } = this.preview;
    const names = new Set([...this.#namedClasses(), ...classes.map(({ name }) => name)]);
    return !this.busy && error === undefined && names.size >= 2;
  }

  #namedClasses(): string[] {
    return this._classes.split(",").map((name) => name.trim()).filter(Boolean);
  }

  #keep = (event: Event): void => {
    event.preventDefault();
    // The button is not disabled by what it does: it would lose the focus.
    if (!this.#mayKeep) return;
    const choice: OwnDataChoice = {
      title: this.#title,
      columns: this.preview.chosen,
      ...(this.preview.unlabelled > 0 ? { classes: this.#namedClasses() } : {}),
    };
    this.dispatchEvent(new CustomEvent("keep", { detail: choice }));
  };
}

function cut(name: string): string {
  return name.length > NAME ? `${name.slice(0, NAME)}…` : name;
}

customElements.define("table-preview", TablePreview);
