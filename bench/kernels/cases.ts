import { Registry } from "../../src/registry.ts";
import { beamScores } from "./cases/beam_scores.ts";
import { beamStep } from "./cases/beam_step.ts";
import { committee, committeeVariance } from "./cases/committee.ts";
import { rowStats } from "./cases/row_stats.ts";
import { sequenceStats } from "./cases/sequence_stats.ts";
import { softmax } from "./cases/softmax.ts";
import { topK } from "./cases/top_k.ts";
import type { KernelCase } from "./kernel_case.ts";

/** What is measured, by kernel. */
export const kernelCases = new Registry<KernelCase>("kernel", [
  rowStats,
  softmax,
  sequenceStats,
  beamStep,
  beamScores,
  committee,
  committeeVariance,
  topK,
]);
