import { type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { Classifier } from "../../src/models/model.ts";
import { inference } from "../../src/models/pass.ts";
import { HalfProducts } from "../../src/tfjs/half_products.ts";
import { rowStats } from "../../src/tfjs/operations/row_stats.ts";
import { currentBackend } from "../../src/tfjs/setup.ts";
import type { Work } from "./work.ts";

/** A batch of a pool: forward without dropout, and the statistics that uncertainty sampling ranks by, which are read. */
export const scoring: Work = {
  name: "score",
  unit: "batch",
  isRead: true,
  hasStorage: true,
  begin({ spec, values, batch }, storage) {
    const classifier = new Classifier(spec, values);
    // Packed once, as for a scan.
    const halves = storage === "float16" ? new HalfProducts(currentBackend()!) : undefined;
    const pass = () => tidy(() => rowStats(classifier.logits(batch, inference) as Tensor2D));
    return {
      once: () => halves ? halves.during(pass) : pass(),
      dispose() {
        halves?.dispose();
        classifier.dispose();
      },
    };
  },
};
