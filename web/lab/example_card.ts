import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { ExampleView } from "../engine/api.ts";
import { baseStyles } from "../page/theme.ts";
import type { LabWords } from "../texts/lab.ts";
import { en } from "../texts/english.ts";
import "./probability_bars.ts";

/** One text, what the two models make of it, and how sure the one that picks is. */
export class ExampleCard extends LitElement {
  static override properties = {
    example: { attribute: false },
    acquisition: {},
    successor: {},
    missing: {},
    words: { attribute: false },
  };
  static override styles = [
    baseStyles,
    css`
      .text {
        margin: 0 0 0.75rem;
        max-height: 14rem;
        overflow: auto;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        font-size: 0.9375rem;
      }
      .models {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr));
        gap: 0.75rem 1.5rem;
      }
      dl {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 1.5rem;
        margin: 0.75rem 0 0;
        font-size: 0.875rem;
      }
      dl div {
        display: flex;
        gap: 0.4rem;
      }
      dt {
        color: var(--muted);
      }
      dd {
        margin: 0;
        font-variant-numeric: tabular-nums;
      }
      .labels {
        margin: 0.5rem 0 0;
        overflow-wrap: anywhere;
        font-size: 0.875rem;
      }
    `,
  ];

  declare example: ExampleView;
  /** The models' names. */
  declare acquisition: string;
  declare successor: string;
  /** What stands where the successor's probabilities are not known. */
  declare missing: string;
  declare words: LabWords;

  constructor() {
    super();
    this.words = en.lab;
  }

  protected override render(): TemplateResult {
    const { example, words } = this;
    const number = (value: number) =>
      value.toLocaleString(words.locale, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
    const bars = (caption: string, probabilities: readonly number[] | undefined) =>
      html`
        <probability-bars .caption=${caption} .classes=${example.classes} .probabilities=${probabilities}
          .missing=${this.missing} .locale=${words.locale}></probability-bars>
      `;
    return html`
      <p class="text" dir="auto" tabindex="0">${example.text}</p>
      <div class="models">
        ${bars(words.acquisitionThinks(this.acquisition), example.acquisition)}
        ${this.acquisition === this.successor
          ? nothing
          : bars(words.successorThinks(this.successor), example.successor)}
      </div>
      <dl>
        ${(["entropy", "margin", "leastConfidence"] as const).map((measure) =>
          html`
            <div title=${words.measureHints[measure]}>
              <dt>${words.measures[measure]}</dt>
              <dd>${number(example[measure])}</dd>
            </div>
          `
        )}
      </dl>
      <p class="labels">
        ${example.gold === undefined ? nothing : html`<bdi>${words.gold(example.gold)}</bdi>`}
        ${example.label === undefined ? nothing : html`
          · <bdi>${words.labelledAs(example.label)}</bdi>
        `}
      </p>
    `;
  }
}

customElements.define("example-card", ExampleCard);
