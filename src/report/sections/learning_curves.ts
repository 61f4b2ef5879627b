import { curveCharts } from "../curve_charts.ts";
import { labelledCounts } from "../labelled_counts.ts";
import { type ChartSize, type LineChart, lineChart } from "../line_chart.ts";
import { type Markup, markup } from "../markup.ts";
import type { ReportData } from "../report_data.ts";

const wide: ChartSize = { width: 860, height: 460 };
const narrow: ChartSize = { width: 448, height: 420 };

/** The learning curves of every data set, successor and metric. */
export function learningCurves(data: ReportData): Markup | undefined {
  const charts = curveCharts(data.curves, labelledCounts(data));
  if (charts.length === 0) return undefined;
  return markup`<section aria-labelledby="curves">
<h2 id="curves">Learning curves</h2>
<p>Each point is the successor on the test set, after a round. The higher a curve and the sooner it rises, the better the examples that
were picked. All runs with the same seed start from the same random batch, so they share their first point.</p>
${charts.map((chart, index) => figure(chart, `curves-${index}`))}
</section>
`;
}

/** A chart in two sizes, of which the page shows one: text that shrinks with the window cannot be read on a phone. */
export function figure(chart: LineChart, id: string): Markup {
  return markup`<figure>
<div class="wide">${lineChart(chart, wide, `${id}-wide`)}</div>
<div class="narrow">${lineChart(chart, narrow, `${id}-narrow`)}</div>
</figure>
`;
}
