import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { baseStyles } from "../page/theme.ts";
import type { CurvesWords } from "../texts/charts.ts";
import { en } from "../texts/english.ts";
import { curvesGist, scoreDigits } from "./curve_gist.ts";
import { countAt, type CurvePlot, curvePlot, nearestPoint, type PlotSize, scoreDomain } from "./curve_plot.ts";
import { type ActivePoint, allScores, type CurveSeries, type LitArea, litPair, steppedTo } from "./curve_series.ts";
import { curvesDrawing, labelFont } from "./curves_drawing.ts";
import { curvesTable } from "./curves_table.ts";
import { learningCurvesStyles } from "./learning_curves_styles.ts";
import { animate, prefersReducedMotion } from "./motion.ts";
import { decimal } from "./numbers.ts";
import { textWidth } from "./text_width.ts";
import { begins, traced } from "./traced.ts";

export type { CurveSeries, LitArea } from "./curve_series.ts";
export type { SeriesKind } from "./line_look.ts";

/** Curves on their way to what they are: where each one's tip was, and what y showed. */
interface Growth {
  readonly reached: ReadonlyMap<string, number>;
  readonly domain: readonly [number, number];
  share: number;
}

const growMilliseconds = 500;

/**
 * Learning curves that grow into the space of what is planned. A curve's name and last value stand at its end; its seeds make a band;
 * `lit` fills the area between two curves, which is what REU adds up. The arrow keys walk the points, and a table says the same.
 *
 * Height: `--chart-height`, else by width.
 */
export class LearningCurves extends LitElement {
  static override properties = {
    series: { attribute: false },
    counts: { attribute: false },
    metric: {},
    lit: {},
    words: { attribute: false },
    _size: { state: true },
    _active: { state: true },
  };
  static override styles = [baseStyles, learningCurvesStyles];

  declare series: readonly CurveSeries[];
  /** Labelled examples at each planned point. */
  declare counts: readonly number[];
  declare metric: string;
  declare lit: LitArea | undefined;
  declare words: CurvesWords;
  declare private _size: PlotSize | undefined;
  declare private _active: ActivePoint | undefined;

  #growth: Growth | undefined;
  #growing = new AbortController();
  #fontFamily = "sans-serif";
  #said = "";
  readonly #resizes = new ResizeObserver(([entry]) => {
    const { width, height } = entry!.contentRect;
    // Here the styles are computed already; at any other moment asking for one holds the page up until all of them are.
    this.#fontFamily = getComputedStyle(this).fontFamily;
    this._size = { width, height };
  });

  constructor() {
    super();
    this.series = [];
    this.counts = [];
    this.metric = "";
    this.words = en.charts.curves;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#observe();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes.disconnect();
    this.#growing.abort();
    this.#growth = undefined;
  }

  protected override firstUpdated(): void {
    this.#observe();
  }

  #observe(): void {
    this.#resizes.observe(this.#plane());
  }

  #plane(): HTMLElement {
    return this.renderRoot.querySelector<HTMLElement>(".plot")!;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("series");
    if (before && this._size) this.#grow(before);
    const active = this._active;
    if (active && !(active.at < (this.series[active.series]?.scores.length ?? 0))) this._active = undefined;
  }

  /** Starts to draw what was added to curves that were there; curves of another run are simply there. */
  #grow(before: readonly CurveSeries[]): void {
    const old = new Map(before.map(({ name, scores }) => [name, scores]));
    const goesOn = this.series.every(({ name, scores }) => begins(old.get(name) ?? [], scores));
    // The engine tells all anew whenever anything has changed: then what is on its way goes on.
    if (goesOn && this.series.every(({ name, scores }) => (old.get(name) ?? []).length === scores.length)) return;
    this.#growing.abort();
    this.#growth = undefined;
    if (!goesOn || prefersReducedMotion()) return;
    const reached = new Map(before.map(({ name, scores }) => [name, Math.max(0, scores.length - 1)]));
    this.#growing = new AbortController();
    const growth: Growth = { reached, domain: scoreDomain(allScores(before)), share: 0 };
    this.#growth = growth;
    animate(growMilliseconds, this.#growing.signal, (share) => {
      growth.share = share;
      if (share === 1) this.#growth = undefined;
      this.requestUpdate();
    });
  }

  protected override render(): TemplateResult {
    const { words, series, counts, metric } = this;
    const begun = series.some(({ scores }) => scores.length > 0);
    return html`
      <div class="plot" role="application" tabindex="0" aria-label=${words.plot} aria-describedby="keys"
        @keydown=${this.#key} @focus=${this.#enter} @blur=${this.#leave}
        @pointermove=${this.#point} @pointerdown=${this.#point} @pointerleave=${this.#leave}>
        <svg role="img" aria-label=${words.gist(curvesGist(series, counts, metric, words))}>${this._size &&
          this.#drawing(this._size)}</svg>
        ${begun ? this.#tip() : html`<p class="empty">${words.empty}</p>`}
      </div>
      <p id="keys" class="visually-hidden">${words.keys}</p>
      <p class="visually-hidden" aria-live="polite">${this.#said}</p>
      ${this.#notes()}
      ${begun ? curvesTable(series, counts, metric, words) : nothing}
    `;
  }

  protected override updated(): void {
    const tip = this.renderRoot.querySelector<HTMLElement>(".tip");
    if (!tip || !this._size || !this._active) return;
    const { x, right } = this.#plot(this._size);
    const guide = x(countAt(this.counts, this._active.at));
    const before = guide - tip.offsetWidth - 12;
    const left = guide + 12 + tip.offsetWidth > right && before >= 0 ? before : guide + 12;
    tip.style.setProperty("--tip-left", `${Math.min(left, this._size.width - tip.offsetWidth)}px`);
  }

  #plot(size: PlotSize): CurvePlot {
    const { locale } = this.words;
    const [low, high] = scoreDomain(allScores(this.series));
    const { domain, share } = this.#growth ?? { domain: [low, high], share: 1 };
    const width = (text: string, weight = 400) => textWidth(text, labelFont(weight, this.#fontFamily));
    const labels = this.series.map(({ name }) => width(name, 600) + width(decimal(0.123, scoreDigits, locale)) + 10);
    return curvePlot(
      size,
      this.counts,
      [domain[0]! + (low - domain[0]!) * share, domain[1]! + (high - domain[1]!) * share],
      {
        label: Math.min(size.width * 0.42, Math.max(0, ...labels)),
        xTick: width((this.counts.at(-1) ?? 0).toLocaleString(locale)),
        yTick: width(decimal(0.25, 2, locale)),
      },
    );
  }

  #drawing(size: PlotSize) {
    const { series, counts, metric, lit, words } = this;
    const growth = this.#growth;
    const curves = series.map(({ name, scores }) => {
      const from = growth?.reached.get(name);
      const end = scores.length - 1;
      return traced(scores, growth && from !== undefined ? from + (end - from) * growth.share : end);
    });
    const [plot, active, fontFamily] = [this.#plot(size), this._active, this.#fontFamily];
    return curvesDrawing({ plot, series, counts, curves, metric, lit, active, words, fontFamily });
  }

  #tip(): TemplateResult | typeof nothing {
    const active = this._active;
    if (!active) return nothing;
    const rows = this.series.map((each, index) => ({ ...each, index, score: each.scores[active.at] ?? NaN }))
      .filter(({ score }) => !Number.isNaN(score)).sort((a, b) => b.score - a.score);
    return html`
      <div class="tip" aria-hidden="true">
        <p>${this.words.labelled(this.counts[active.at] ?? 0)}</p>
        <dl>${rows.map(({ name, kind, index, score }) => {
          const chosen = index === active.series ? "chosen" : "";
          return html`
            <dt class="${kind} ${chosen}">${name}</dt>
            <dd class=${chosen}>${this.#score(score)}</dd>
          `;
        })}</dl>
      </div>
    `;
  }

  #score(value: number): string {
    return decimal(value, scoreDigits, this.words.locale);
  }

  #notes(): TemplateResult | typeof nothing {
    const pair = litPair(this.series, this.lit);
    const notes = [
      pair ? this.words.litArea(pair[0].name, pair[1].name) : "",
      this.series.some(({ otherSeeds }) => otherSeeds.length > 0) ? this.words.band : "",
    ].filter(Boolean);
    return notes.length > 0 ? html`<p class="notes">${notes.join(" ")}</p>` : nothing;
  }

  #point = (event: PointerEvent): void => {
    const reached = Math.max(0, ...this.series.map(({ scores }) => scores.length));
    if (!this._size || reached === 0) return;
    const { left, top } = this.#plane().getBoundingClientRect();
    const { x, y } = this.#plot(this._size);
    const at = nearestPoint(this.counts, x.invert(event.clientX - left), reached);
    const apart = (series: number) => Math.abs(y(this.series[series]!.scores[at]!) - (event.clientY - top));
    const there = this.series.flatMap(({ scores }, index) => at < scores.length ? [index] : []);
    const series = there.reduce((best, each) => apart(each) < apart(best) ? each : best);
    if (this._active?.series !== series || this._active.at !== at) this._active = { series, at };
  };

  #enter = (): void => {
    const begin = this.#begin();
    if (!this._active && begin) this.#look(begin);
  };

  /** Where a walk begins: at the last point of the first curve. */
  #begin(): ActivePoint | undefined {
    const series = this.series.findIndex(({ scores }) => scores.length > 0);
    return series === -1 ? undefined : { series, at: this.series[series]!.scores.length - 1 };
  }

  #leave = (event: Event): void => {
    // What the keyboard looks at stays when a mouse passes on, and what a finger touched when it is lifted.
    if (event instanceof PointerEvent && (event.pointerType === "touch" || this.#plane().matches(":focus-visible"))) {
      return;
    }
    this._active = undefined;
  };

  #key = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") this._active = undefined;
    const from = this._active ?? this.#begin();
    const next = from && steppedTo(this.series, from, event.key);
    if (!next) return;
    event.preventDefault();
    // After Escape, or where there was no point yet when the focus came, the first step is into the chart.
    this.#look(this._active || event.key === "Home" ? next : from);
  };

  #look(active: ActivePoint): void {
    const { name, scores } = this.series[active.series]!;
    this._active = active;
    this.#said = this.words.point(name, this.counts[active.at] ?? 0, this.#score(scores[active.at]!));
  }
}

customElements.define("learning-curves", LearningCurves);

declare global {
  interface HTMLElementTagNameMap {
    "learning-curves": LearningCurves;
  }
}
