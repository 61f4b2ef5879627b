import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { KeptRun } from "../engine/api.ts";
import { baseStyles } from "../page/theme.ts";
import type { KeptWords } from "../texts/kept.ts";
import { en } from "../texts/english.ts";

/** What of a run a person saves. */
export type SavedPart = "zip" | "labels" | "csv" | "svg" | "png";
const PARTS: readonly SavedPart[] = ["zip", "labels", "csv", "svg", "png"];

/** The runs that are kept. Fires `open-run` and `remove-run` {detail: folder}, and `save` {detail: {folder, part}}. */
export class RunsTable extends LitElement {
  static override properties = { runs: { attribute: false }, words: { attribute: false }, busy: { type: Boolean } };
  static override styles = [
    baseStyles,
    css`
      .scrolling {
        overflow-x: auto;
      }
      table {
        width: 100%;
      }
      td,
      th {
        vertical-align: top;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 0.35rem;
      }
      .actions button {
        min-height: 1.75rem;
        padding: 0.1rem 0.6rem;
        font-size: 0.8125rem;
      }
      .number {
        white-space: nowrap;
      }
      .broken {
        color: var(--bad);
      }
      .name {
        overflow-wrap: anywhere;
      }
      @media (max-width: 48rem) {
        thead {
          display: none;
        }
        tr {
          display: grid;
          grid-template-columns: 1fr auto auto;
          padding: 0.5rem 0;
          border-bottom: 1px solid var(--line);
        }
        th,
        td {
          border: 0;
        }
        .name,
        .all {
          grid-column: 1 / -1;
        }
      }
    `,
  ];

  declare runs: readonly KeptRun[];
  declare words: KeptWords;
  declare busy: boolean;

  constructor() {
    super();
    this.runs = [];
    this.words = en.kept;
    this.busy = false;
  }

  protected override render(): TemplateResult {
    const { runs, words } = this;
    if (runs.length === 0) return html`<p>${words.noRuns}</p>`;
    return html`
      <div class="scrolling">
        <table>
          <thead>
            <tr>
              <th scope="col">${words.name}</th>
              <th scope="col">${words.of}</th>
              <th scope="col" class="number">${words.progress}</th>
              <th scope="col" class="number">${words.size}</th>
              <th scope="col">${words.actions}</th>
            </tr>
          </thead>
          <tbody>${runs.map((run) => this.#row(run))}</tbody>
        </table>
      </div>
    `;
  }

  #row(run: KeptRun): TemplateResult {
    const { words } = this;
    const { folder, broken } = run;
    return html`
      <tr>
        <th scope="row" class="name">${folder}${broken
          ? html`<br /><span class="broken" lang="en">${broken}</span>`
          : nothing}</th>
        <td>${run.data}</td>
        <td class="number">${words.points(run.points, run.planned)}</td>
        <td class="number">${words.bytes(run.bytes)}</td>
        <td class="all">
          <div class="actions" role="group" aria-label=${folder}>
          ${broken ? nothing : html`
            ${this.#button(words.open, "open-run", folder)}
            ${PARTS.map((part) => this.#button(words[part], "save", { folder, part }))}
          `}
          ${this.#button(words.remove, "remove-run", folder)}
        </div>
        </td>
      </tr>
    `;
  }

  /** A button that were disabled by what it does would lose the focus. */
  #button(label: string, event: string, detail: unknown): TemplateResult {
    return html`
      <button aria-disabled=${this.busy ? "true" : "false"} @click=${() =>
        !this.busy && this.dispatchEvent(new CustomEvent(event, { detail }))}>${label}</button>
    `;
  }
}

customElements.define("runs-table", RunsTable);
