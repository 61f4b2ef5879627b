import type { ChartWords } from "./charts.ts";
import type { KeptWords } from "./kept.ts";
import type { LabWords } from "./lab.ts";
import type { LabelWords } from "./label.ts";

/** Everything that a person reads on the page. */
export interface Texts {
  readonly charts: ChartWords;
  readonly lab: LabWords;
  readonly label: LabelWords;
  readonly kept: KeptWords;
}
