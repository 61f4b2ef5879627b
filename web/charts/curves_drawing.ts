import { area, line, linkHorizontal, symbol } from "d3-shape";
import { nothing, svg, type SVGTemplateResult } from "lit";
import type { CurvesWords } from "../texts/charts.ts";
import { areaBetween, type Place } from "./area_between.ts";
import { scoreDigits } from "./curve_gist.ts";
import { countAt, type CurvePlot, labelMiddles } from "./curve_plot.ts";
import { type ActivePoint, type CurveSeries, type LitArea, litPair } from "./curve_series.ts";
import { type LineLook, lineLooks } from "./line_look.ts";
import { decimal } from "./numbers.ts";
import { seedBand, type Span } from "./seed_band.ts";
import { fitted, textWidth } from "./text_width.ts";
import type { TracedPoint } from "./traced.ts";

/** What one picture of the curves shows. */
export interface CurvesPicture {
  readonly plot: CurvePlot;
  readonly series: readonly CurveSeries[];
  readonly counts: readonly number[];
  /** Each series' own curve as far as it is drawn. */
  readonly curves: readonly (readonly TracedPoint[])[];
  readonly metric: string;
  readonly lit: LitArea | undefined;
  readonly active: ActivePoint | undefined;
  readonly words: CurvesWords;
  readonly fontFamily: string;
}

const labelGap = 18;

/** A CSS font of the chart's labels. */
export function labelFont(weight: number, family: string): string {
  return `${weight} 13px ${family}`;
}

/** The inside of the chart's `<svg>`. */
export function curvesDrawing(picture: CurvesPicture): SVGTemplateResult {
  const { series, curves, lit } = picture;
  const looks = lineLooks(series.map(({ kind }) => kind));
  const pair = litPair(series, lit);
  const classOf = (each: CurveSeries) => pair && !pair.includes(each) ? `${each.kind} quiet` : each.kind;
  return svg`${axes(picture)}
    ${series.map((each) => svg`<g class=${classOf(each)}>${seeds(each, picture)}</g>`)}
    ${pair ? litArea(pair, picture) : nothing}
    ${series.map((each, index) => svg`<g class=${classOf(each)}>${curve(curves[index]!, looks[index]!, picture)}</g>`)}
    ${labels(picture)}
    ${activePoint(looks, picture)}`;
}

function axes({ plot, words, metric }: CurvesPicture): SVGTemplateResult {
  const { x, y, left, right, top, bottom, size } = plot;
  return svg`
    ${plot.yTicks.map((tick) =>
      svg`
        <path class="grid" d="M${left} ${px(y(tick))}H${px(right)}" />
        <text text-anchor="end" x=${left - 8} y=${px(y(tick) + 4.5)}>${decimal(tick, plot.yDigits, words.locale)}</text>
      `
    )}
    <path class="base" d="M${left} ${bottom + 0.5}H${px(right)}" />
    ${plot.xTicks.map((tick) =>
      svg`
        <path class="base" d="M${px(x(tick))} ${bottom}v5" />
        <text text-anchor="middle" x=${px(x(tick))} y=${bottom + 20}>${tick.toLocaleString(words.locale)}</text>
      `
    )}
    <text class="axis-name" x=${left} y=${top - 16}>${metric && `↑ ${words.metric(metric)}`}</text>
    <text class="axis-name" text-anchor="end" x=${px(right)} y=${size.height - 6}>${words.xLabel} →</text>
  `;
}

function seeds({ scores, otherSeeds }: CurveSeries, { plot: { x, y }, counts }: CurvesPicture): SVGTemplateResult {
  const across = (_: unknown, point: number) => x(counts[point] ?? 0);
  const band = area<Span | undefined>().defined((span) => span !== undefined).x(across)
    .y0((span) => y(span![0])).y1((span) => y(span![1])).digits(1);
  const thin = line<number>().x(across).y((score) => y(score)).digits(1);
  const spans = seedBand([scores, ...otherSeeds.map((other) => other.scores)]);
  return svg`<path class="band" d=${band(spans) ?? ""}/>${
    otherSeeds.map((other) => svg`<path class="other" d=${thin(other.scores) ?? ""}/>`)
  }`;
}

function litArea(
  [first, second]: readonly [CurveSeries, CurveSeries],
  { plot: { x, y }, counts }: CurvesPicture,
): SVGTemplateResult {
  const outline = line<Place>().x(([count]) => x(count)).y(([, score]) => y(score)).digits(1);
  return svg`<g class=${first.kind}>
    <defs><pattern id="stripes" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <path class="stripe" d="M0 0V6"/></pattern></defs>
    ${
    areaBetween(counts, first.scores, second.scores).map((piece) =>
      svg`
        <path class=${piece.ahead ? "ahead" : "behind"} d="${outline(piece.outline)}Z" />
      `
    )
  }</g>`;
}

function curve(
  points: readonly TracedPoint[],
  { dash, marker }: LineLook,
  { plot: { x, y }, counts }: CurvesPicture,
): SVGTemplateResult {
  const across = ({ at }: TracedPoint) => x(countAt(counts, at));
  const path = line<TracedPoint>().x(across).y(({ score }) => y(score)).digits(1)(points);
  const shape = symbol(marker, 42).digits(1)()!;
  return svg`<path class="line" stroke-dasharray=${dash} d=${path ?? ""}/>
    ${
    points.map((point) =>
      svg`<path class="marker" transform="translate(${px(across(point))} ${px(y(point.score))})" d=${shape}/>`
    )
  }`;
}

/** Names and last values, in one column right of every tip: there no curve of this seed can run into them. */
function labels({ plot, series, counts, curves, words, fontFamily }: CurvesPicture): SVGTemplateResult[] {
  const ends = series.flatMap((each, index) => {
    const tip = curves[index]!.at(-1);
    return tip ? [{ each, x: plot.x(countAt(counts, tip.at)), y: plot.y(tip.score) }] : [];
  });
  const middles = labelMiddles(ends.map(({ y }) => y), plot, labelGap);
  const column = Math.max(...ends.map(({ x }) => x)) + 18;
  const leader = linkHorizontal<readonly [Place, Place], Place>().source(([from]) => from).target(([, to]) => to);
  return ends.map(({ each, x, y }, index) => {
    const middle = middles[index]!;
    const room = plot.size.width - column;
    const value = decimal(each.scores.at(-1)!, scoreDigits, words.locale);
    const width = textWidth(each.name, labelFont(600, fontFamily)) + 6 + textWidth(value, labelFont(400, fontFamily));
    // On a phone the name counts for more; the table has the value.
    const score = width <= room ? value : "";
    return svg`
      <g class=${each.kind}>
        <path class="leader" d=${leader([[x + 7, y], [column - 4, middle]]) ?? ""}/>
          <text class="halo" x=${px(column)} y=${px(middle + 4.5)}>
            <tspan class="name">${fitted(each.name, labelFont(600, fontFamily), room)}</tspan>
            <tspan class="score" dx="6">${score}</tspan>
          </text>
          </g>
    `;
  });
}

function activePoint(
  looks: readonly LineLook[],
  { plot: { x, y, top, bottom }, series, counts, active }: CurvesPicture,
): SVGTemplateResult | typeof nothing {
  if (!active) return nothing;
  const { kind, scores } = series[active.series]!;
  const left = px(x(counts[active.at] ?? 0));
  const shape = symbol(looks[active.series]!.marker, 110).digits(1)()!;
  return svg`
    <path class="guide" d="M${left} ${top}V${bottom}" />
    <path class="active ${kind}" transform="translate(${left} ${px(y(scores[active.at]!))})" d=${shape}/>
  `;
}

function px(value: number): number {
  return Math.round(value * 10) / 10;
}
