import { extent } from "d3-array";
import { type ScaleLinear, scaleLinear } from "d3-scale";
import { area, line, symbol } from "d3-shape";
import type { Relation } from "../evaluation/curve.ts";
import { spreadLabels } from "./label_layout.ts";
import { type LineStyle, lineStyles } from "./line_style.ts";
import { type Markup, markup } from "./markup.ts";

export interface LinePoint {
  readonly x: number;
  readonly y: number;
  /** The ends of the band at this point; absent where there is none. */
  readonly band?: readonly [low: number, high: number];
}

export interface ChartLine {
  /** What stands at the line's end: what it is, and below it which. */
  readonly label: string;
  readonly sublabel: string;
  readonly relation: Relation | undefined;
  readonly points: readonly LinePoint[];
}

export interface LineChart {
  readonly title: string;
  /** Below the title: what a line and a band are. */
  readonly subtitle: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** What a reader who cannot see the chart is told. */
  readonly description: string;
  readonly lines: readonly ChartLine[];
  /** Where y must reach, whatever the data; else y fits the data and need not begin at 0. */
  readonly yDomain?: readonly [number, number];
}

export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

const fontFamily = "system-ui, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif";
const ink = "#1a1a1a";
const faint = "#595959";
const rule = "#e3e3e3";
const top = 74;
const bottom = 52;
const labelGap = 32;

/**
 * A line chart as an `<svg>` element: labelled axes, a band and markers for each line, and the line's name at its end in place
 * of a legend. Text is sized for display at 1 : 1.
 *
 * @param id starts the ids inside, which must be unique on a page
 */
export function lineChart(chart: LineChart, { width, height }: ChartSize, id: string): Markup {
  return markup`<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="${id}-title ${id}-desc" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${fontFamily}" font-size="13" fill="${ink}">
<title id="${id}-title">${chart.title}</title>
<desc id="${id}-desc">${chart.description}</desc>
<rect width="${width}" height="${height}" fill="#ffffff"/>
${chartBody(chart, { width, height })}</svg>
`;
}

/** What {@link lineChart} draws, to be placed in an svg that holds several. */
export function chartBody(chart: LineChart, { width, height }: ChartSize): Markup {
  const points = chart.lines.flatMap((each) => each.points);
  if (points.length === 0) {
    return markup`<text x="16" y="26" font-size="16" font-weight="600">${chart.title}</text>
<text x="16" y="${top}" fill="${faint}">Nothing to draw yet.</text>
`;
  }
  const y = scaleLinear().domain(yDomain(chart)).nice(5);
  const yTicks = y.ticks(5);
  const yFormat = y.tickFormat(5);
  const left = 22 + Math.max(...yTicks.map((tick) => textWidth(yFormat(tick), 13)));
  const right = 26 + Math.min(width * 0.36, Math.max(...chart.lines.map(endLabelWidth)));
  y.range([height - bottom, top]);
  const x = scaleLinear().domain(padded(extent(points, (point) => point.x) as [number, number]))
    .range([left, width - right]);
  const styles = lineStyles(chart.lines.map((each) => each.relation));
  return markup`<text x="16" y="26" font-size="16" font-weight="600">${
    fitted(chart.title, width - 32, 16 * bold)
  }</text>
<text x="16" y="45" font-size="12" fill="${faint}">${fitted(chart.subtitle, width - 32, 12)}</text>
${yAxis(y, yTicks, yFormat, left, width - right)}
<text x="${left}" y="${height - bottom + 40}" fill="${faint}">${chart.xLabel} →</text>
<text x="${left}" y="${
    top - 10
  }" fill="${faint}" stroke="#ffffff" stroke-width="4" paint-order="stroke">↑ ${chart.yLabel}</text>
${xAxis(x, height)}
${chart.lines.map((each, index) => band(each, styles[index]!, x, y))}
${chart.lines.map((each, index) => stroke(each, styles[index]!, x, y))}
${endLabels(chart.lines, styles, x, y, width - right, width, height)}`;
}

function yDomain({ lines, yDomain: wanted }: LineChart): [number, number] {
  if (wanted) return [wanted[0], wanted[1]];
  const values = lines.flatMap((each) => each.points.flatMap(({ y, band }) => [y, ...(band ?? [])]));
  const [low, high] = extent(values) as [number, number];
  const [bottom, top] = padded([low, high]);
  // No share lies above 1, so an axis of shares does not go there.
  return [bottom, high <= 1 ? Math.min(top, 1) : top];
}

/** A domain of one value, or of two that floats hardly tell apart, would put everything at one end of the axis. */
function padded([low, high]: [number, number]): [number, number] {
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const pad = Math.max(largest * 0.1, 0.05);
  return high - low <= 1e-9 * Math.max(largest, 1e-6) ? [low - pad, high + pad] : [low, high];
}

type Scale = ScaleLinear<number, number>;

function yAxis(
  y: Scale,
  ticks: readonly number[],
  format: (tick: number) => string,
  left: number,
  right: number,
): Markup {
  return markup`<g stroke="${rule}">${ticks.map((tick) => markup`<path d="M${left} ${px(y(tick))}H${px(right)}"/>`)}</g>
<g text-anchor="end" fill="${faint}">${
    ticks.map((tick) => markup`<text x="${px(left - 7)}" y="${px(y(tick) + 4.5)}">${format(tick)}</text>`)
  }</g>`;
}

function xAxis(x: Scale, height: number): Markup {
  const base = height - bottom;
  const [start, end] = x.range() as [number, number];
  const count = Math.max(2, Math.floor((end - start) / 70));
  const ticks = x.ticks(count).filter(Number.isInteger);
  const format = (tick: number) => tick.toLocaleString("en-US").replaceAll(",", "\u202f");
  return markup`<path d="M${px(start)} ${base}H${px(end)}" stroke="${faint}"/>
<g stroke="${faint}">${ticks.map((tick) => markup`<path d="M${px(x(tick))} ${base}v5"/>`)}</g>
<g text-anchor="middle" fill="${faint}">${
    ticks.map((tick) => markup`<text x="${px(x(tick))}" y="${base + 19}">${format(tick)}</text>`)
  }</g>`;
}

function band({ points }: ChartLine, { colour }: LineStyle, x: Scale, y: Scale): Markup | undefined {
  const shape = area<LinePoint>()
    .defined((point) => point.band !== undefined)
    .x((point) => x(point.x)).y0((point) => y(point.band![0])).y1((point) => y(point.band![1])).digits(1);
  const path = shape(points);
  return path && points.some((point) => point.band)
    ? markup`<path d="${path}" fill="${colour}" fill-opacity="0.13"/>\n`
    : undefined;
}

function stroke({ points }: ChartLine, { colour, dash, marker }: LineStyle, x: Scale, y: Scale): Markup {
  const path = line<LinePoint>().x((point) => x(point.x)).y((point) => y(point.y)).digits(1)(points);
  const shape = symbol(marker, 34).digits(1)();
  return markup`<g><path d="${path}" fill="none" stroke="${colour}" stroke-width="2"${
    dash ? markup` stroke-dasharray="${dash}"` : ""
  } stroke-linejoin="round"/>
<g fill="${colour}" stroke="#ffffff" stroke-width="0.8">${
    points.map((point) => markup`<path transform="translate(${px(x(point.x))} ${px(y(point.y))})" d="${shape}"/>`)
  }</g></g>
`;
}

function endLabels(
  lines: readonly ChartLine[],
  styles: readonly LineStyle[],
  x: Scale,
  y: Scale,
  edge: number,
  width: number,
  height: number,
): readonly Markup[] {
  const shown = lines.map((each, index) => ({ each, style: styles[index]! })).filter(({ each }) =>
    each.points.length > 0
  );
  const ends = shown.map(({ each }) => each.points.at(-1)!);
  const gap = Math.min(labelGap, (height - top - bottom) / Math.max(1, shown.length - 1));
  const middles = spreadLabels(ends.map((end) => y(end.y)), gap, top, height - bottom);
  return shown.map(({ each, style }, index) => {
    const middle = middles[index]!;
    const end = ends[index]!;
    const room = width - edge - 28;
    return markup`<g><path d="M${px(x(end.x) + 5)} ${px(y(end.y))}L${px(edge + 16)} ${
      px(middle)
    }" fill="none" stroke="${style.colour}" stroke-opacity="0.55"/>
<path transform="translate(${px(edge + 17)} ${px(middle)})" d="${
      symbol(style.marker, 44).digits(1)()
    }" fill="${style.colour}"/>
<text x="${px(edge + 26)}" y="${px(middle - (each.sublabel ? 2 : -4))}" fill="${style.colour}" font-weight="600">${
      fitted(each.label, room, 13 * bold)
    }</text>
${
      each.sublabel &&
      markup`<text x="${px(edge + 26)}" y="${px(middle + 12)}" font-size="12"><title>${each.sublabel}</title>${
        fitted(each.sublabel, room, 12)
      }</text>`
    }</g>
`;
  });
}

function endLabelWidth({ label, sublabel }: ChartLine): number {
  return 10 + Math.max(textWidth(label, 13) * bold, textWidth(sublabel, 12));
}

/** How much wider bold text is. */
const bold = 1.16;

/** A generous guess, since there is no font to ask: a page's own font may be wider than most. */
function textWidth(text: string, size: number): number {
  return [...text].length * size * 0.56;
}

/** The text, or as much of its beginning and end as there is room for. */
function fitted(text: string, room: number, size: number): string {
  const characters = [...text];
  const fits = Math.max(4, Math.floor(room / (size * 0.56)));
  if (characters.length <= fits) return text;
  const tail = Math.floor((fits - 1) / 3);
  return `${characters.slice(0, fits - 1 - tail).join("")}…${characters.slice(characters.length - tail).join("")}`;
}

function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}
