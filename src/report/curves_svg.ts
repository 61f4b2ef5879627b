import type { Curve } from "../evaluation/curve.ts";
import { curveCharts, type LabelledCounts } from "./curve_charts.ts";
import { chartBody, lineChart } from "./line_chart.ts";
import { markup } from "./markup.ts";

const size = { width: 760, height: 440 };

/** Learning curves as one SVG document, for `plot`: a chart for each data set, successor and metric, two abreast where many. */
export function curvesSvg(curves: readonly Curve[], labelled?: LabelledCounts): string {
  const charts = curveCharts(curves, labelled);
  if (charts.length === 1) return lineChart(charts[0]!, size, "curves").text;
  const across = charts.length > 2 ? 2 : 1;
  const width = size.width * across;
  const height = size.height * Math.ceil(charts.length / across);
  return markup`<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="curves-title curves-desc" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif" font-size="13" fill="#1a1a1a">
<title id="curves-title">Learning curves</title>
<desc id="curves-desc">${charts.map((chart) => chart.description).join(" ")}</desc>
<rect width="${width}" height="${height}" fill="#ffffff"/>
${
    charts.map((chart, index) =>
      markup`<g transform="translate(${(index % across) * size.width} ${Math.floor(index / across) * size.height})">
${chartBody(chart, size)}</g>
`
    )
  }</svg>
`.text;
}
