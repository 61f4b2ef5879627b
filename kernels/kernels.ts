/**
 * Pupil's kernels as a library: WGSL for any `GPUDevice`, in any page and in Deno, with nothing else needed.
 *
 * A {@link Kernel} plans, purely, from a shape and a device's limits; a {@link Recorder} records a plan into a compute pass. What
 * is submitted, and when, is up to the caller. Each kernel has an oracle, `...Reference`, the same in float64 on the CPU.
 */

export { clear, encode } from "../src/gpu/encode.ts";
export type { BufferRange, Buffers, UniformSource } from "../src/gpu/encode.ts";
export { KernelError } from "../src/gpu/kernel.ts";
export type { Binding, BufferSpec, Dispatch, Kernel, KernelLimits, Plan, Shader, Word } from "../src/gpu/kernel.ts";
export { checkShader, type Compiled, Pipelines } from "../src/gpu/pipelines.ts";
export { Recorder } from "../src/gpu/recorder.ts";

export { type Gpu, openDevice } from "../src/gpu/device.ts";
export { runOnArrays, type Values } from "../src/gpu/run.ts";
export { runOnRows } from "../src/gpu/run_on_rows.ts";

export { requireFinite, ROW_STATS_COLUMNS, rowStats, type RowStatsShape } from "./row_stats/row_stats.ts";
export { type RowStats, rowStatsReference } from "./row_stats/reference.ts";

export {
  requireFiniteTokens,
  requireLengths,
  SEQUENCE_STATS_COLUMNS,
  sequenceStats,
  type SequenceStatsShape,
} from "./sequence_stats/sequence_stats.ts";
export { type OverTokens, type SequenceStats, sequenceStatsReference } from "./sequence_stats/reference.ts";

export { committee, COMMITTEE_COLUMNS, type CommitteeShape, requireFiniteCommittee } from "./committee/committee.ts";
export {
  COMMITTEE_VARIANCE_COLUMNS,
  committeeVariance,
  type CommitteeVarianceShape,
  requireFiniteVariance,
} from "./committee/committee_variance.ts";
export { committeeReference, type CommitteeStats, committeeVarianceReference } from "./committee/reference.ts";

export { requireRanked, topK, type TopKShape } from "./top_k/top_k.ts";
export { type TopK, topKReference } from "./top_k/reference.ts";

export {
  BEAM_ENTRY_WORDS,
  type BeamEntries,
  type BeamEntriesShape,
  beamStep,
  type BeamStepShape,
  maskWords,
  MOST_BEAMS,
  NO_SCORE,
  readBeamEntries,
  requireSoundBeams,
  TokenMask,
  unpackBeamEntries,
} from "./beam_step/beam_step.ts";
export {
  type BeamStepReference,
  beamStepReference,
  type BeamStepRules,
  type Continuation,
  NO_CONTINUATION,
} from "./beam_step/reference.ts";

export {
  BEAM_SCORES_COLUMNS,
  beamScores,
  type BeamScoresShape,
  requireFiniteHypotheses,
} from "./beam_scores/beam_scores.ts";
export { type BeamScores, beamScoresReference } from "./beam_scores/reference.ts";

export { logSoftmax, logSoftmaxGradient, softmax, softmaxGradient, type SoftmaxShape } from "./softmax/softmax.ts";
export {
  logSoftmaxGradientReference,
  logSoftmaxReference,
  softmaxGradientReference,
  softmaxReference,
} from "./softmax/reference.ts";

export {
  embeddingGradient,
  type EmbeddingGradientShape,
  groupLookups,
  type Lookups,
} from "./embedding_gradient/embedding_gradient.ts";
export { embeddingGradientReference } from "./embedding_gradient/reference.ts";

export { dropout, type DropoutShape } from "./dropout/dropout.ts";
export { dropoutFactors, type DropoutKey } from "./dropout/reference.ts";

export { adamw, ADAMW_STATE, type AdamWShape, BLOCK as ADAMW_BLOCK, segmentBuffer } from "./adamw/adamw.ts";
export {
  adamwReference,
  type AdamWSettings,
  type AdamWState,
  type LearningRate,
  learningRateAt,
} from "./adamw/reference.ts";

export { activation, activationGradient, type ActivationShape } from "./activation/activation.ts";
export {
  type ActivationKind,
  activationNames,
  activationReference,
  activationSlopeReference,
} from "./activation/reference.ts";

export { columnSums, type ColumnSumsShape } from "./column_sums/column_sums.ts";
export { columnSumsReference } from "./column_sums/reference.ts";

export { crossEntropy, crossEntropyGradient, type CrossEntropyShape } from "./cross_entropy/cross_entropy.ts";
export { type CrossEntropy, crossEntropyReference, type CrossEntropySettings } from "./cross_entropy/reference.ts";

export {
  layerNorm,
  type LayerNormShape,
  residualLayerNorm,
  type ResidualLayerNormShape,
  rmsNorm,
} from "./layer_norm/layer_norm.ts";
export {
  layerNormGradient,
  type LayerNormGradientShape,
  residualLayerNormGradient,
  type ResidualLayerNormGradientShape,
  rmsNormGradient,
} from "./layer_norm/layer_norm_gradient.ts";
export type { NormDropout } from "./layer_norm/norm_dropout.ts";
export {
  layerNormGradientReference,
  layerNormReference,
  type NormGradient,
  rmsNormGradientReference,
  rmsNormReference,
} from "./layer_norm/reference.ts";

export { accumulate, type AccumulateShape } from "./accumulate/accumulate.ts";
export { accumulateReference } from "./accumulate/reference.ts";

export { embeddingLookup, type EmbeddingLookupShape, packIds } from "./embedding_lookup/embedding_lookup.ts";
export { embeddingLookupReference } from "./embedding_lookup/reference.ts";

export { attention } from "./attention/attention.ts";
export { attentionGradient } from "./attention/attention_gradient.ts";
export {
  attentionGradientReference,
  type AttentionGradients,
  type AttentionInputs,
  attentionReference,
  type AttentionShape,
} from "./attention/reference.ts";

export {
  type FactorLayout,
  matmul,
  MATMUL_VARIANTS,
  type MatmulShape,
  type MatmulVariant,
  matmulVariants,
  type MatrixLayout,
} from "./matmul/matmul.ts";
export { matmulReference } from "./matmul/reference.ts";

export { halfStride, packHalf, unpackHalf } from "./half/half.ts";
export type { HalfShape } from "./half/half.ts";
export { packHalfReference, roundToHalf, unpackHalfReference } from "./half/reference.ts";
