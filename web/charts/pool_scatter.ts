import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { RoundView } from "../engine/api.ts";
import { baseStyles } from "../page/theme.ts";
import type { Measure, PointGist, ScatterWords } from "../texts/charts.ts";
import { en } from "../texts/english.ts";
import { Gestures, type GestureTarget } from "./gestures.ts";
import { type Inks, inksOf, watchTheme } from "./inks.ts";
import { pickRadius } from "./mark_painter.ts";
import { decimal } from "./numbers.ts";
import { PointGrid } from "./point_grid.ts";
import { poolLegend, uncertaintyDigits } from "./pool_legend.ts";
import { comingFrom, poolPoints } from "./pool_points.ts";
import { poolScatterStyles } from "./pool_scatter_styles.ts";
import { PoolStage } from "./pool_stage.ts";
import { poolTable } from "./pool_table.ts";
import { meanUncertainty } from "./uncertainty.ts";
import { panned, revealing, type Viewport, wholePlane, zoomed } from "./viewport.ts";
import { type Direction, neighbour } from "./walk.ts";

/** What `example-chosen` tells. */
export interface ExampleChosen {
  readonly id: string;
}

const zoomStep = 1.6;

const directions: Readonly<Record<string, Direction>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

/**
 * The pool as points, coloured by how unsure the model of a round is of each, with what a strategy picks lit. Drag, wheel and pinch
 * move it; so do the keys that `words.keys` names. A point that is chosen is told by `example-chosen`.
 *
 * Height: `--chart-height`, else by width.
 */
export class PoolScatter extends LitElement implements GestureTarget {
  static override properties = {
    view: { attribute: false },
    colourBy: { attribute: "colour-by" },
    strategy: {},
    selected: {},
    words: { attribute: false },
    _viewport: { state: true },
    _focused: { state: true },
    _hovered: { state: true },
    _inks: { state: true },
  };
  static override styles = [baseStyles, poolScatterStyles];

  declare view: RoundView | undefined;
  declare colourBy: Measure;
  /** Whose picks are lit: a key of `view.picks`. */
  declare strategy: string;
  /** An id. */
  declare selected: string | undefined;
  declare words: ScatterWords;
  declare private _viewport: Viewport;
  /** Indices of what the keyboard and the pointer are at. */
  declare private _focused: number | undefined;
  declare private _hovered: number | undefined;
  declare private _inks: Inks | undefined;

  /** What stands around the plane. Panning changes none of it, so that it is not made again sixty times a second. */
  #told: { readonly summary: string; readonly legend: TemplateResult; readonly table: TemplateResult } | undefined;
  #stage: PoolStage | undefined;
  #grid: PointGrid | undefined;
  #indices: ReadonlyMap<string, number> = new Map();
  #said = "";
  #connection = new AbortController();

  constructor() {
    super();
    this.colourBy = "entropy";
    this.strategy = "";
    this.words = en.charts.scatter;
    this._viewport = wholePlane;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#connect();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#connection.abort();
    this.#stage?.rest();
  }

  protected override firstUpdated(): void {
    const [pool, marks] = this.renderRoot.querySelectorAll("canvas");
    this.#stage = new PoolStage(pool!, marks!);
    this.#connect();
  }

  #connect(): void {
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    const plane = this.#plane();
    new Gestures(plane, this).listen(signal);
    const resizes = new ResizeObserver(() => {
      this.#stage!.resize(plane.clientWidth, plane.clientHeight);
      this.requestUpdate();
    });
    resizes.observe(plane);
    signal.addEventListener("abort", () => resizes.disconnect());
    watchTheme(signal, () => this.requestUpdate());
  }

  #plane(): HTMLElement {
    return this.renderRoot.querySelector<HTMLElement>(".plane")!;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    this._inks = inksOf(this, this._inks);
    const tells = ["view", "colourBy", "strategy", "words", "_inks"].some((name) =>
      changed.has(name as keyof PoolScatter)
    );
    if (tells) this.#told = this.view && this.#tell(this.view, this._inks.ramp);
    if (!changed.has("view")) return;
    const before = changed.get("view");
    const { view } = this;
    this.#grid = view && new PointGrid(view.x, view.y);
    this.#indices = new Map(view?.ids.map((id, index) => [id, index]));
    this._focused = this._focused === undefined ? undefined : this.#indices.get(before!.ids[this._focused]!);
    this._hovered = undefined;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const stage = this.#stage!;
    if (changed.has("view") || changed.has("colourBy")) {
      this.#arrive(changed.has("view") ? changed.get("view") : this.view);
    }
    if (changed.has("view") || changed.has("strategy")) stage.pulse();
    const marks = {
      picks: this.#picks(),
      selected: this.#indices.get(this.selected ?? ""),
      focused: this.#lookedAt(),
    };
    stage.show({ viewport: this._viewport, marks, inks: this._inks! });
    this.#placeTip();
  }

  /** Takes up a round: each point goes from where it is drawn to where it shall be. */
  #arrive(before: RoundView | undefined): void {
    const { view } = this;
    const points = view && poolPoints(view, this.colourBy);
    const from = points && before && comingFrom(view.ids, points, before.ids, this.#stage!.points);
    this.#stage!.enter(points, from);
  }

  #picks(): readonly number[] {
    return this.view?.picks[this.strategy] ?? [];
  }

  #lookedAt(): number | undefined {
    return this._hovered ?? this._focused;
  }

  protected override render(): TemplateResult {
    const { words, view } = this;
    const classes = `plane ${this.showsAll ? "" : "zoomed"} ${this._hovered === undefined ? "" : "over"}`;
    return html`
      <div class="frame">
        <div class=${classes} role="application" tabindex="0" aria-label=${words.plot} aria-describedby="summary keys"
          @keydown=${this.#key} @focus=${this.#enter} @blur=${this.#blur}>
          <canvas></canvas><canvas></canvas>
          ${view ? this.#tip() : html`<p class="empty">${words.empty}</p>`}
        </div>
        <div class="zoom">
          ${this.#button(words.zoomIn, "M8 3v10M3 8h10", () => this.#zoomMiddle(zoomStep))}
          ${this.#button(words.zoomOut, "M3 8h10", () => this.#zoomMiddle(1 / zoomStep))}
          ${this.#button(words.fit, "M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3", () => this._viewport = wholePlane)}
        </div>
      </div>
      <p id="summary" class="visually-hidden">${this.#told?.summary ?? words.empty}</p>
      <p id="keys" class="visually-hidden">${words.keys}</p>
      <p class="visually-hidden" aria-live="polite">${this.#said}</p>
      ${this.#told ? [this.#told.legend, this.#told.table] : nothing}
    `;
  }

  #button(name: string, icon: string, press: () => void): TemplateResult {
    return html`<button type="button" aria-label=${name} title=${name} ?disabled=${!this.view} @click=${press}>
      <svg viewBox="0 0 16 16" aria-hidden="true"><path d=${icon}/></svg></button>`;
  }

  #tell(view: RoundView, ramp: readonly string[]) {
    const { colourBy, strategy, words } = this;
    return {
      summary: this.#summary(view),
      legend: poolLegend(view, colourBy, strategy, ramp, words),
      table: poolTable(view, colourBy, this.#picks(), words),
    };
  }

  #summary(view: RoundView): string {
    return this.words.summary({
      round: view.round,
      points: view.ids.length,
      labelled: view.labelled.reduce((sum, each) => sum + each, 0),
      picks: this.#picks().length,
      strategy: this.strategy,
      measure: this.colourBy,
      mean: decimal(meanUncertainty(view, this.colourBy), uncertaintyDigits, this.words.locale),
    });
  }

  #gist(index: number): PointGist {
    const view = this.view!;
    const picks = this.#picks();
    const place = picks.indexOf(index);
    return {
      id: view.ids[index]!,
      measure: this.colourBy,
      value: decimal(view[this.colourBy][index]!, uncertaintyDigits, this.words.locale),
      labelled: view.labelled[index] === 1,
      pick: place === -1 ? undefined : place + 1,
      picks: picks.length,
    };
  }

  #tip(): TemplateResult | typeof nothing {
    const index = this.#lookedAt();
    if (index === undefined) return nothing;
    const gist = this.#gist(index);
    const state = this.words.state(gist);
    return html`
      <div class="tip" aria-hidden="true">
        <p>${gist.id}</p>
        <p class="value">${this.words.measure[gist.measure]} ${gist.value}${state && ` · ${state}`}</p>
      </div>
    `;
  }

  #placeTip(): void {
    const tip = this.renderRoot.querySelector<HTMLElement>(".tip");
    const index = this.#lookedAt();
    if (!tip || index === undefined) return;
    const { left, top } = this.#placeOf(index);
    const { width, height } = this.#stage!.frame;
    const beside = left + 18 + tip.offsetWidth > width ? left - 18 - tip.offsetWidth : left + 18;
    const down = Math.min(height - tip.offsetHeight - 4, Math.max(4, top - tip.offsetHeight / 2));
    tip.style.setProperty("--tip-left", `${Math.max(4, beside)}px`);
    tip.style.setProperty("--tip-top", `${down}px`);
  }

  /** Where a point is, or will be after its way there, in pixels. */
  #placeOf(index: number): { readonly left: number; readonly top: number } {
    const { ax, bx, ay, by } = this.#stage!.place();
    return { left: ax * this.view!.x[index]! + bx, top: ay * this.view!.y[index]! + by };
  }

  /** The point that is meant by a place: a pick under it before any other, as picks lie on top. */
  #hit(left: number, top: number, reach: number): number | undefined {
    const stage = this.#stage!;
    const away = (pick: number) => {
      const place = this.#placeOf(pick);
      return Math.hypot(place.left - left, place.top - top);
    };
    const pick = this.#picks().find((each) => away(each) <= pickRadius(stage.radius) + 1);
    const { ax, bx, ay, by } = stage.place();
    return pick ?? this.#grid?.nearest((left - bx) / ax, (top - by) / ay, reach / ax, -reach / ay);
  }

  pan(right: number, down: number): void {
    this._hovered = undefined;
    this._viewport = panned(this._viewport, this.#stage!.frame, right, down);
  }

  zoom(factor: number, left: number, top: number): void {
    this._hovered = undefined;
    this._viewport = zoomed(this._viewport, this.#stage!.frame, factor, left, top);
  }

  tap(left: number, top: number, reach: number): void {
    const index = this.#hit(left, top, reach);
    if (index === undefined) return;
    this._focused = index;
    this.#choose(index);
  }

  doubleTap(left: number, top: number): void {
    // On a point it was two taps, which have opened it.
    if (this.#hit(left, top, 12) === undefined) this.zoom(2, left, top);
  }

  hover(left: number, top: number): void {
    this._hovered = this.#hit(left, top, 12);
  }

  leave(): void {
    this._hovered = undefined;
  }

  get showsAll(): boolean {
    return this._viewport.zoom === 1;
  }

  #choose(index: number): void {
    const detail: ExampleChosen = { id: this.view!.ids[index]! };
    this.dispatchEvent(new CustomEvent("example-chosen", { detail, bubbles: true, composed: true }));
  }

  /** Zooms around what the keyboard is at, else around the middle. */
  #zoomMiddle(factor: number): void {
    const { width, height } = this.#stage!.frame;
    const middle = { left: width / 2, top: height / 2 };
    const { left, top } = this._focused === undefined ? middle : this.#placeOf(this._focused);
    this.zoom(factor, left, top);
    if (this._focused !== undefined) this.#reveal(this._focused);
  }

  #reveal(index: number): void {
    this._viewport = revealing(this._viewport, this.view!.x[index]!, this.view!.y[index]!);
  }

  #enter = (): void => {
    if (this._focused === undefined && this.#plane().matches(":focus-visible")) this.#look(this.#begin());
  };

  #blur = (): void => {
    this._focused = undefined;
  };

  /** Where a walk begins: at the selected example, else at the best pick, else in the middle. */
  #begin(): number | undefined {
    return this.#indices.get(this.selected ?? "") ?? this.#picks()[0] ?? this.#grid?.nearest(0, 0, 3, 3);
  }

  #look(index: number | undefined): void {
    if (index === undefined) return;
    this._focused = index;
    this._hovered = undefined;
    this.#reveal(index);
    this.#said = this.words.point(this.#gist(index));
  }

  #key = (event: KeyboardEvent): void => {
    const act = event.altKey || event.ctrlKey || event.metaKey ? undefined : this.#actionOf(event);
    if (!act || !this.view) return;
    event.preventDefault();
    act();
  };

  #actionOf({ key, code, shiftKey }: KeyboardEvent): (() => void) | undefined {
    const direction = directions[key];
    if (direction) return () => this.#step(direction);
    // By its place: on a Cyrillic layout the key says something else.
    if (code === "KeyP") return () => this.#nextPick(shiftKey ? -1 : 1);
    switch (key) {
      case "+":
      case "=":
        return () => this.#zoomMiddle(zoomStep);
      case "-":
      case "_":
        return () => this.#zoomMiddle(1 / zoomStep);
      case "0":
        return () => this._viewport = wholePlane;
      case "Enter":
      case " ":
        return () => this._focused !== undefined && this.#choose(this._focused);
      default:
        return undefined;
    }
  }

  #step(direction: Direction): void {
    const from = this._focused;
    const { x, y } = this.view!;
    this.#look(from === undefined ? this.#begin() : neighbour(x, y, this.#stage!.place(), from, direction));
  }

  #nextPick(by: 1 | -1): void {
    const picks = this.#picks();
    const at = this._focused === undefined ? -1 : picks.indexOf(this._focused);
    const first = by > 0 ? 0 : picks.length - 1;
    this.#look(picks[at === -1 ? first : (at + by + picks.length) % picks.length]);
  }
}

customElements.define("pool-scatter", PoolScatter);

declare global {
  interface HTMLElementTagNameMap {
    "pool-scatter": PoolScatter;
  }
}
