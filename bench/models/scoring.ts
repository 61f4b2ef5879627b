import { type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { Classifier } from "../../src/models/model.ts";
import { inference } from "../../src/models/pass.ts";
import { rowStats } from "../../src/tfjs/operations/row_stats.ts";
import type { Work } from "./work.ts";

/** A batch of a pool: forward without dropout, and the statistics that uncertainty sampling ranks by, which are read. */
export const scoring: Work = {
  name: "score",
  unit: "batch",
  isRead: true,
  begin({ spec, values, batch }) {
    const classifier = new Classifier(spec, values);
    return {
      once: () => tidy(() => rowStats(classifier.logits(batch, inference) as Tensor2D)),
      dispose: () => classifier.dispose(),
    };
  },
};
