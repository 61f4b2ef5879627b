import { textTable, wrapped } from "../../src/report/text_table.ts";
import type { HalvesRow } from "./measure_model.ts";

/** Scoring from stored halves beside scoring in float32: how long it takes, and what it changes. */
export function halfTable(
  rows: readonly { readonly shape: readonly number[]; readonly ours_ms: number; readonly float16: HalvesRow }[],
  columns: number,
): string {
  const head = [
    "shape",
    "float32, ms",
    "float16, ms",
    "times faster",
    "probability, most",
    "probability, mean",
    "entropy, most",
    "entropy, mean",
  ];
  const heads = [...head, "same picks"];
  const cells = rows.map(({ shape, ours_ms, float16 }) => [
    `[${shape.join(", ")}]`,
    ...[ours_ms, float16.ms].map((time) => time >= 100 ? time.toFixed(0) : time.toFixed(2)),
    float16.ratio.toFixed(2),
    ...[float16.largest_probability, float16.mean_probability, float16.largest_entropy, float16.mean_entropy]
      .map((difference) => difference.toExponential(1)),
    `${float16.same_picks} of ${float16.picks}`,
  ]);
  const texts = [...new Set(rows.map(({ float16 }) => float16.texts))].join(" or ");
  const note =
    "Weights and activations of linear layers stored as float16, the weights packed beforehand, as for a scan. Differences of the " +
    `probability of the most probable class and of the entropy (nats), absolute, over ${texts} texts. same picks: of the least confident ` +
    "tenth. The weights are random, those of the head enlarged until logits are as large as a trained model's.";
  return [
    "Scored from stored halves",
    "",
    ...textTable(heads, cells, heads.map((_, column) => column === 0 ? "left" : "right"), columns),
    "",
    ...wrapped(note, columns),
    "",
  ].join("\n");
}
