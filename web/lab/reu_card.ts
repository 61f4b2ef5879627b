import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { ReuGroup } from "../../src/evaluation/reu_row.ts";
import type { LitArea } from "../charts/learning_curves.ts";
import { baseStyles } from "../page/theme.ts";
import type { LabWords } from "../texts/lab.ts";
import { en } from "../texts/english.ts";

const AREAS = ["none", "asm-random", "self-random", "asm-self"] as const;

/** REU as far as it is known, what it says, and which of its areas the chart lights. Fires `light` {detail: LitArea | undefined} and `self`. */
export class ReuCard extends LitElement {
  static override properties = {
    reu: { attribute: false },
    acquisition: {},
    successor: {},
    lit: {},
    canAddSelf: { attribute: false },
    words: { attribute: false },
  };
  static override styles = [
    baseStyles,
    css`
      p {
        margin: 0 0 0.5rem;
      }
      .value {
        font-size: 1.25rem;
        font-weight: 600;
        font-variant-numeric: tabular-nums;
      }
      .verdict {
        font-weight: 600;
      }
      .quiet {
        color: var(--muted);
        font-size: 0.875rem;
      }
      fieldset {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 1rem;
        margin: 0.5rem 0 0;
        padding: 0;
        border: 0;
        font-size: 0.875rem;
      }
      legend {
        padding: 0;
        color: var(--muted);
      }
    `,
  ];

  declare reu: ReuGroup | undefined;
  declare acquisition: string;
  declare successor: string;
  declare lit: LitArea | undefined;
  /** Whether self-selection does not go along yet. */
  declare canAddSelf: boolean;
  declare words: LabWords;

  constructor() {
    super();
    this.words = en.lab;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    // The button goes, and the focus with it.
    if (!changed.get("canAddSelf") || !this.renderRoot?.querySelector("button:focus")) return;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>("p")!.focus());
  }

  protected override render(): TemplateResult {
    const { words, reu } = this;
    const row = reu?.rows.find(({ acquisition }) => acquisition === this.acquisition) ?? reu?.rows[0];
    const add = this.canAddSelf
      ? html`<button @click=${() => this.dispatchEvent(new CustomEvent("self"))}>${words.self}</button>`
      : nothing;
    if (!row) {
      const why = this.acquisition === this.successor ? words.reuOfSelf : words.reuNotYet;
      return html`<p class="quiet" tabindex="-1">${why}</p>${add}`;
    }
    const number = (value: number) =>
      value.toLocaleString(words.locale, { maximumFractionDigits: 2, minimumFractionDigits: 2 });
    const interval = row.reu_interval ? row.reu_interval.map(number).join(" … ") : undefined;
    return html`
      <p class="value" tabindex="-1">${row.reu === null ? "REU —" : words.reuValue(number(row.reu), interval)}</p>
      <p class="verdict">${words.verdict(row.verdict)}</p>
      <p>${words.reuWords({ ...reu!, rows: [row] })}</p>
      <p class="quiet">${words.reuSeeds(row.seeds.length, row.points)}</p>
      <fieldset>
        <legend>${words.lightLabel}</legend>
        ${AREAS.map((area) =>
          html`<label><input type="radio" name="area" value=${area} .checked=${(this.lit ?? "none") === area}
            @change=${() => this.#light(area === "none" ? undefined : area)} /> ${words.light[area]}</label>`
        )}
      </fieldset>
      ${add}
    `;
  }

  #light(area: LitArea | undefined): void {
    this.dispatchEvent(new CustomEvent("light", { detail: area }));
  }
}

customElements.define("reu-card", ReuCard);
