import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { ExampleView, RoundView } from "../engine/api.ts";
import { baseStyles } from "../page/theme.ts";
import type { LabWords } from "../texts/lab.ts";
import { en } from "../texts/english.ts";
import "./example_card.ts";

/** So many picks show at first: a list of hundreds would bury what comes after it. */
const FEW = 10;

/** What a strategy goes by, of what is known of each example. */
const MEASURES: Readonly<Record<string, "entropy" | "margin" | "leastConfidence">> = {
  lc: "leastConfidence",
  margin: "margin",
};

/** The picks of a round; each opens into what is known of it. Fires `example-chosen` {detail: {id}}, with an undefined id to close. */
export class PicksList extends LitElement {
  static override properties = {
    view: { attribute: false },
    strategy: {},
    excerpts: { attribute: false },
    open: { attribute: false },
    acquisition: {},
    successor: {},
    words: { attribute: false },
    _all: { state: true },
  };
  static override styles = [
    baseStyles,
    css`
      ol {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        border-bottom: 1px solid var(--line);
      }
      .pick {
        display: grid;
        grid-template-columns: 1.75rem 1fr auto;
        gap: 0.5rem;
        align-items: baseline;
        width: 100%;
        padding: 0.4rem 0.25rem;
        border: 0;
        border-radius: 0;
        background: none;
        text-align: start;
        font-size: 0.9375rem;
      }
      .pick:hover {
        background: var(--bg);
        color: var(--text);
      }
      .place,
      .value {
        color: var(--muted);
        font-variant-numeric: tabular-nums;
        font-size: 0.8125rem;
      }
      .excerpt {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .pick[aria-expanded="true"] .excerpt {
        font-weight: 600;
      }
      example-card,
      .alone {
        display: block;
        padding: 0.25rem 0.25rem 1rem 2.5rem;
      }
      .alone {
        padding-inline-start: 0.25rem;
        border-bottom: 1px solid var(--line);
      }
      .more {
        margin-top: 0.75rem;
      }
      @media (max-width: 40rem) {
        example-card {
          padding-inline-start: 0.25rem;
        }
      }
    `,
  ];

  declare view: RoundView | undefined;
  declare strategy: string;
  /** The beginning of each text, by id. */
  declare excerpts: ReadonlyMap<string, string>;
  /** The example that is open. */
  declare open: ExampleView | undefined;
  declare acquisition: string;
  declare successor: string;
  declare words: LabWords;
  /** Whether the tail of a long list shows. */
  declare private _all: boolean;

  constructor() {
    super();
    this._all = false;
    this.excerpts = new Map();
    this.words = en.lab;
  }

  protected override render(): TemplateResult {
    const { view, words, open } = this;
    const picks = view?.picks[this.strategy];
    if (!view || !picks) return html`<p>${words.noPicks}</p>`;
    const opened = open ? picks.findIndex((place) => view.ids[place] === open.id) : -1;
    const shown = this._all ? picks : picks.slice(0, Math.max(FEW, opened + 1));
    const rest = picks.length - shown.length;
    return html`
      ${open && opened === -1
        ? html`<div class="alone">${this.#card(open)}
        <button @click=${this.#close}>${words.close}</button></div>`
        : nothing}
      <ol>${shown.map((place, index) => this.#pick(view, place, index))}</ol>
      ${rest > 0
        ? html`<button class="more" @click=${() => this.#showAll(shown.length)}>${words.more(rest)}</button>`
        : nothing}
    `;
  }

  #pick(view: RoundView, place: number, index: number): TemplateResult {
    const { open, words } = this;
    const id = view.ids[place]!;
    const opened = open?.id === id;
    const measure = MEASURES[this.strategy] ?? "entropy";
    const value = view[measure][place]!.toLocaleString(words.locale, {
      maximumFractionDigits: 2,
      minimumFractionDigits: 2,
    });
    return html`
      <li>
        <button class="pick" aria-expanded=${opened ? "true" : "false"} @click=${() =>
          this.#choose(opened ? undefined : id)}>
          <span class="place">${index + 1}</span>
          <span class="excerpt" dir="auto">${this.excerpts.get(id) ?? id}</span>
          <span class="value" title=${words.measures[measure]}>${value}</span>
        </button>
        ${opened ? this.#card(open) : nothing}
      </li>
    `;
  }

  /** Shows the rest, and puts the focus, which was on the button, at its beginning. */
  async #showAll(from: number): Promise<void> {
    this._all = true;
    await this.updateComplete;
    this.renderRoot.querySelectorAll<HTMLElement>(".pick")[from]?.focus();
  }

  #card(example: ExampleView): TemplateResult {
    const { view, words } = this;
    const place = view!.ids.indexOf(example.id);
    const isPick = Object.values(view!.picks).some((picks) => picks.includes(place));
    return html`
      <example-card .example=${example} .acquisition=${this.acquisition} .successor=${this.successor}
        .missing=${isPick ? words.notAtHand : words.onlyPicks} .words=${words}></example-card>
    `;
  }

  #close = (): void => {
    this.#choose(undefined);
    this.renderRoot.querySelector<HTMLElement>(".pick")?.focus();
  };

  #choose(id: string | undefined): void {
    this.dispatchEvent(new CustomEvent("example-chosen", { detail: { id }, bubbles: true, composed: true }));
  }
}

customElements.define("picks-list", PicksList);
