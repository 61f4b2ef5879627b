import { f32, groupsFor, type Kernel, KernelError, requireSize, u32 } from "../../src/gpu/kernel.ts";
import { rowTiles, tileOf } from "../../src/gpu/tiling.ts";
import code from "./beam_scores.wgsl" with { type: "text" };

export interface BeamScoresShape {
  readonly examples: number;
  readonly hypotheses: number;
  /** The exponent of the length: 0 leaves the sums as they are, larger favours longer hypotheses. */
  readonly lengthPenalty: number;
}

/** The order of an example's four statistics in the output. */
export const BEAM_SCORES_COLUMNS = ["sequence_score", "mean", "variance", "count"] as const;

const shader = { label: "beam_scores", code };
const STATS_BYTES = 16;
/** Of the penalty: lengths to 65,535 then have powers that float32 can hold. */
const MOST_PENALTY = 8;

/**
 * Length-normalised scores of hypotheses of beam search, sum / length^penalty, and their statistics an example.
 *
 * Inputs: `sums` [examples, hypotheses] float32, sums of log-probabilities; `lengths` [examples, hypotheses] uint32, in tokens;
 * 0 where there is no hypothesis. Outputs: `scores` [examples, hypotheses] float32, LOWEST (-3.402823e38) where there is none;
 * `stats` [examples, 4] float32, see {@link BEAM_SCORES_COLUMNS}: the best score, their mean and sample variance (divisor
 * n - 1; 0 where n < 2), and n; LOWEST, LOWEST, 0 and 0 where an example has none. A sum that is NaN or infinite marks its
 * example; {@link requireFiniteHypotheses} names it when `stats` is read.
 *
 * One thread an example; examples are tiled to the binding limit.
 *
 * @throws KernelError where a size is not a positive integer, or the penalty not within -8 and 8
 */
export const beamScores: Kernel<BeamScoresShape> = {
  name: "beam_scores",

  plan({ examples, hypotheses, lengthPenalty }, limits) {
    requireSize("beam_scores", "examples", examples);
    requireSize("beam_scores", "hypotheses", hypotheses);
    if (!(Math.abs(lengthPenalty) <= MOST_PENALTY)) {
      throw new KernelError(
        "beam_scores",
        `lengthPenalty is ${lengthPenalty}; it must be a number from -${MOST_PENALTY} to ${MOST_PENALTY}`,
      );
    }
    const bytes = hypotheses * 4;
    return {
      kernel: "beam_scores",
      inputs: [{ name: "sums", bytes: examples * bytes }, { name: "lengths", bytes: examples * bytes }],
      outputs: [{ name: "scores", bytes: examples * bytes }, { name: "stats", bytes: examples * STATS_BYTES }],
      scratch: [],
      dispatches: rowTiles("beam_scores", examples, [bytes, STATS_BYTES], limits).map((tile) => ({
        shader,
        bindings: [
          ...["sums", "lengths", "scores"].map((buffer) => tileOf(buffer, tile, bytes)),
          tileOf("stats", tile, STATS_BYTES),
        ],
        uniforms: [u32(tile.rows), u32(hypotheses), f32(lengthPenalty)],
        groups: groupsFor("beam_scores", tile.rows, 64, limits),
      })),
    };
  },
};

/**
 * Checks statistics that were read back.
 *
 * @throws KernelError naming the first example and hypothesis whose sum was a NaN or an infinity
 */
export function requireFiniteHypotheses(
  stats: Float32Array,
  nameOf: (example: number) => string = (example) => `example ${example}`,
): void {
  for (let example = 0; example * 4 < stats.length; example++) {
    const count = stats[example * 4 + 3]!;
    if (count < 0) {
      throw new KernelError(
        "beam_scores",
        `the sum of hypothesis ${-count - 1} of ${nameOf(example)} is a NaN or an infinity`,
      );
    }
  }
}
