import { capable } from "../../src/acquisition/scoring_model.ts";
import type { TrainingConfig } from "../../src/config/schema.ts";
import type { DataSet } from "../../src/data/example.ts";
import type { LabelledExample } from "../../src/data/examples.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import type { Files } from "../../src/host.ts";
import { models } from "../../src/models/registry.ts";
import { classification } from "../../src/tasks/classification.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import type { Finding } from "./finding.ts";

const MODEL = "encoder-32";
const STEPS = 3;

const examples: readonly LabelledExample[] = [
  { id: "a", text: "the meeting is moved to monday", label: "ham" },
  { id: "b", text: "please see the patch to the list", label: "ham" },
  { id: "c", text: "win money now, free offer", label: "spam" },
  { id: "d", text: "lowest rates, click here today", label: "spam" },
];

const data: DataSet = { name: "doctor", train: examples, test: examples, labels: ["ham", "spam"] };

const config: TrainingConfig = {
  lr: 1e-3,
  epochs: 1,
  step_rule: "fixed",
  min_steps: STEPS,
  steps: STEPS,
  batch_size_args: { batch_size: 4, min_batch_size: 4, eval_batch_size: 4 },
  accumulation: 1,
  weight_decay: 0.01,
  warmup: 0.1,
  clip: 1,
  max_length: 16,
};

/** Trains a small model for a few steps and scores with it, twice: both must give the same bits, or no run can be resumed. */
export async function trainingFinding(gpu: Gpu, assets: Files): Promise<Finding> {
  await useGpu(gpu);
  const learner = classification.learner(data, await models.get(MODEL).load({ assets }), config);
  const once = async () => {
    const report = () => Promise.resolve();
    const { model, losses } = await learner.train(examples, 0, { report });
    const { entropy } = await capable(model, ["rowStats"]).rowStats(examples, { report });
    model.dispose();
    return [...losses, ...entropy];
  };
  return repeatFinding(await once(), await once());
}

/** Judges what two equal trainings gave. */
export function repeatFinding(first: readonly number[], second: readonly number[]): Finding {
  const what = `training: ${STEPS} steps of ${MODEL}, and scores,`;
  if (first.every((value, index) => Object.is(value, second[index]))) {
    return { state: "ok", found: `${what} the same to the bit when repeated` };
  }
  return {
    state: "not ok",
    found: `${what} differ when repeated: this driver does not compute in a fixed order`,
    advice: ["a run that was interrupted cannot be continued here; update the driver, or take another with --adapter"],
  };
}
