import { tidy } from "@tensorflow/tfjs-core";
import { Classifier } from "../../src/models/model.ts";
import { trainingPass } from "../../src/models/pass.ts";
import { createAdamW } from "../../src/tfjs/adamw.ts";
import { crossEntropy } from "../../src/tfjs/operations/cross_entropy.ts";
import { valueAndGradients } from "../../src/tfjs/value_and_gradients.ts";
import type { Work } from "./work.ts";

const settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.01, clip: 1 };
const rate = { base: 5e-5 };

/** A training step: forward, loss, backward, clipping to norm 1, AdamW. Its result is the loss, and is not read. */
export const training: Work = {
  name: "train",
  unit: "step",
  isRead: false,
  hasStorage: false,
  begin({ spec, values, batch, targets }) {
    const classifier = new Classifier(spec, values);
    const optimizer = createAdamW(classifier.parameters, settings, rate);
    let step = 0;
    return {
      once: () =>
        tidy(() => {
          const loss = () => crossEntropy(classifier.logits(batch, trainingPass(0, step++)), targets);
          // Asked for each time: an optimiser of stock operations makes new tensors.
          const { value, gradients } = valueAndGradients(loss, classifier.parameters.all());
          optimizer.accumulate(gradients);
          optimizer.step();
          return value;
        }),
      dispose() {
        optimizer.dispose();
        classifier.dispose();
      },
    };
  },
};
