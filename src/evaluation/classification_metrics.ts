import { Registry } from "../registry.ts";
import { accuracy } from "./accuracy.ts";
import type { ClassificationMetric } from "./classification_metric.ts";
import { macroF1 } from "./macro_f1.ts";
import { microF1 } from "./micro_f1.ts";

/** Every metric of classification; a new one is a file and a line here. */
export const classificationMetrics: Registry<ClassificationMetric> = new Registry("metric", [
  accuracy,
  macroF1,
  microF1,
]);
