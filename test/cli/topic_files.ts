import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { topicRows } from "../experiment/stub_plan.ts";

/** Rows as a CSV file with the columns id, text, label. */
export function csvOf(rows: readonly { id: string; text: string; label: string }[]): string {
  return ["id,text,label", ...rows.map(({ id, text, label }) => `${id},${text},${label}`)].join("\n") + "\n";
}

/** Writes `train.csv` and `test.csv`, and a plan on them that trains for a moment: `tiny.yaml`. */
export function writeTinyPlan(folder: string): void {
  writeFileSync(join(folder, "train.csv"), csvOf(topicRows("train", 40)));
  writeFileSync(join(folder, "test.csv"), csvOf(topicRows("test", 20)));
  writeFileSync(
    join(folder, "tiny.yaml"),
    `defaults: [al_cls, {override data: own}, {override training: small}, _self_]
seeds: [0]
data: {train: train.csv, test: test.csv}
acquisition_model: {name: bag-64}
al: {init_p_or_n: 8, step_p_or_n: 4, num_queries: 1}
training: {lr: 2e-3, steps: 3, max_length: 8, batch_size_args: {batch_size: 8}}
`,
  );
}
