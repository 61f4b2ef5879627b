import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { ArmState, Choices, ExampleView, LabState, RoundView, Settings } from "../engine/api.ts";
import "../charts/learning_curves.ts";
import type { CurveSeries, LitArea } from "../charts/learning_curves.ts";
import "../charts/pool_scatter.ts";
import { baseStyles, panelStyles } from "../page/theme.ts";
import type { ScatterWords } from "../texts/charts.ts";
import type { Texts } from "../texts/texts.ts";
import "./lab_controls.ts";
import "./picks_list.ts";
import "./reu_card.ts";
import "./status_line.ts";
import { pickChange } from "./pick_change.ts";

type Measure = "entropy" | "margin" | "leastConfidence";
const MEASURES: readonly Measure[] = ["entropy", "margin", "leastConfidence"];

/**
 * The lab: settings, and three views that live: curves, pool, picks. Fires what `<lab-controls>` does, `round-chosen` {detail: number} and
 * `example-chosen` {detail: {id}}.
 */
export class LabView extends LitElement {
  static override properties = {
    state: { attribute: false },
    settings: { attribute: false },
    choices: { attribute: false },
    view: { attribute: false },
    round: { attribute: false },
    example: { attribute: false },
    excerpts: { attribute: false },
    strategyBefore: { attribute: false },
    waiting: {},
    texts: { attribute: false },
    _lit: { state: true },
    _colourBy: { state: true },
  };
  static override styles = [
    baseStyles,
    panelStyles,
    css`
      :host {
        display: grid;
        gap: 1rem;
      }
      .panels {
        display: grid;
        gap: 1rem;
        grid-template-columns: minmax(0, 1fr);
        align-items: start;
      }
      /* On a phone what lives comes first, and what explains it last. */
      .stack {
        display: contents;
      }
      .intro {
        order: 1;
      }
      @media (min-width: 64rem) {
        .panels {
          grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
        }
        .stack {
          display: grid;
          gap: 1rem;
          min-width: 0;
        }
      }
      @media (min-width: 100rem) {
        .panels {
          grid-template-columns: minmax(0, 5fr) minmax(0, 5fr) minmax(0, 4fr);
        }
        .stack.wide {
          display: contents;
        }
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem 1rem;
        align-items: baseline;
        justify-content: space-between;
        margin-bottom: 0.5rem;
      }
      .bar label,
      .quiet {
        color: var(--muted);
        font-size: 0.875rem;
      }
      select {
        min-height: 1.75rem;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--surface);
      }
      .rounds {
        display: flex;
        align-items: center;
        gap: 0.5rem;
      }
      .rounds button {
        min-height: 1.75rem;
        padding: 0 0.6rem;
      }
      pool-scatter {
        --chart-height: 24rem;
      }
    `,
  ];

  declare state: LabState | undefined;
  declare settings: Settings;
  declare choices: Choices | undefined;
  declare view: RoundView | undefined;
  /** The round that is looked at. */
  declare round: number | undefined;
  declare example: ExampleView | undefined;
  declare excerpts: ReadonlyMap<string, string>;
  /** The strategy before the last change, whose picks those of now are compared with. */
  declare strategyBefore: string | undefined;
  /** What is said while there is no state. */
  declare waiting: string;
  declare texts: Texts;
  /** The scatter's, in which strategies have the names that people call them by. */
  #scatterWords: ScatterWords | undefined;
  declare private _lit: LitArea | undefined;
  declare private _colourBy: Measure;

  constructor() {
    super();
    this._colourBy = "entropy";
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("texts")) return;
    const { charts: { scatter }, lab } = this.texts;
    const name = (strategy: string) => lab.strategies[strategy] ?? strategy;
    this.#scatterWords = {
      ...scatter,
      picked: (strategy) => scatter.picked(name(strategy)),
      summary: (gist) => scatter.summary({ ...gist, strategy: name(gist.strategy) }),
    };
  }

  protected override render(): TemplateResult {
    const { state, settings, texts, view } = this;
    const { lab: words } = texts;
    return html`
      <section class="panel" aria-label=${words.controls}>
        <lab-controls .settings=${settings} .choices=${this.choices} .phase=${state?.phase} .words=${words}
          @settings-changed=${this.#pass} @run=${this.#pass} @pause=${this.#pass} @one-round=${this.#pass}
          @restart=${this.#pass}></lab-controls>
        <status-line .state=${state} .waiting=${this.waiting} .words=${words}></status-line>
      </section>
      <div class="panels">
        <div class="stack">
          <section class="panel" aria-labelledby="curves">
            <h2 id="curves">${words.curves}</h2>
            <learning-curves .series=${this.#series()} .counts=${state?.counts ?? []} .metric=${state?.metric ?? ""}
              .lit=${this._lit} .words=${texts.charts.curves}></learning-curves>
          </section>
          <section class="panel" aria-labelledby="reu">
            <h2 id="reu">${words.reu}</h2>
            <reu-card .reu=${state?.reu} .acquisition=${settings.acquisition} .successor=${settings
              .successor} .lit=${this._lit} .words=${words}
              .canAddSelf=${state?.canAddSelf ?? false} @self=${this.#pass} @light=${(
                event: CustomEvent<LitArea | undefined>,
              ) => {
                this._lit = event.detail;
              }}></reu-card>
          </section>
          <section class="panel intro" aria-labelledby="intro">
            <h2 id="intro">${words.introTitle}</h2>
            ${words.intro.map((text) => html`<p>${text}</p>`)}
          </section>
        </div>
        <div class="stack wide">
          <section class="panel" aria-labelledby="pool">
            <div class="bar">
              <h2 id="pool">${words.pool}</h2>
              ${this.#rounds()}
              <label>${words.colourBy}
                <select @change=${(event: Event) => {
                  this._colourBy = (event.target as HTMLSelectElement).value as Measure;
                }}>${MEASURES.map((measure) =>
                  html`<option value=${measure} ?selected=${measure === this._colourBy}>${
                    words.measures[measure]
                  }</option>`
                )}</select>
              </label>
            </div>
            <pool-scatter .view=${view} .colourBy=${this._colourBy} .strategy=${settings.strategy}
              .selected=${this.example?.id} .words=${this.#scatterWords!}></pool-scatter>
            ${this.#moved()}
          </section>
          <section class="panel" aria-labelledby="picks">
            <h2 id="picks">${words.picks}</h2>
            <p class="quiet">${view
              ? words.picksOf(view.round, words.strategies[settings.strategy] ?? settings.strategy)
              : nothing}</p>
            <picks-list .view=${view} .strategy=${settings.strategy} .excerpts=${this.excerpts} .open=${this.example}
              .acquisition=${settings.acquisition} .successor=${settings.successor} .words=${words}></picks-list>
          </section>
        </div>
      </div>
    `;
  }

  #series(): CurveSeries[] {
    const { state, texts: { lab: words } } = this;
    return (state?.arms ?? []).filter((arm) => arm.scores.length > 0 || arm.otherSeeds.length > 0)
      .map((arm) => ({ ...arm, name: words.arm(arm.relation, arm.acquisition), kind: kindOf(arm) }));
  }

  #rounds(): TemplateResult | typeof nothing {
    const { state, round, texts: { lab: words } } = this;
    const views = state?.views ?? [];
    if (round === undefined || views.length === 0) return nothing;
    const [earlier, later] = [views.filter((each) => each < round).at(-1), views.find((each) => each > round)];
    // A button that were disabled would lose the focus.
    const button = (to: number | undefined, name: string, sign: string) =>
      html`<button aria-label=${name} aria-disabled=${to === undefined ? "true" : "false"} @click=${() =>
        to !== undefined &&
        this.dispatchEvent(new CustomEvent<number>("round-chosen", { detail: to }))}>${sign}</button>`;
    return html`
      <span class="rounds" role="group" aria-label=${words.round}>
        ${button(earlier, words.earlierRound, "‹")}
        <span>${words.roundOf(round, state!.counts.length - 1)}</span>
        ${button(later, words.laterRound, "›")}
      </span>
    `;
  }

  #moved(): TemplateResult | typeof nothing {
    const { view, strategyBefore: before, settings: { strategy }, texts: { lab: words } } = this;
    const change = view && before !== undefined ? pickChange(view, before, strategy) : undefined;
    const name = (each: string) => words.strategies[each] ?? each;
    return change
      ? html`<p class="quiet" role="status">${words.moved(change.same, change.of, name(before!), name(strategy))}</p>`
      : nothing;
  }

  #pass = (event: Event): void => {
    this.dispatchEvent(new CustomEvent(event.type, { detail: (event as CustomEvent).detail }));
  };
}

function kindOf({ relation }: ArmState): CurveSeries["kind"] {
  return relation === "random" || relation === "self" ? relation : "asm";
}

customElements.define("lab-view", LabView);
