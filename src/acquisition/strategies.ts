import { Registry } from "../registry.ts";
import { bald } from "./strategies/bald.ts";
import { beamVariance } from "./strategies/beam_variance.ts";
import { entropy } from "./strategies/entropy.ts";
import { lc } from "./strategies/lc.ts";
import { margin } from "./strategies/margin.ts";
import { mnlp } from "./strategies/mnlp.ts";
import { qbcKl } from "./strategies/qbc_kl.ts";
import { random } from "./strategies/random.ts";
import { sequenceScore } from "./strategies/sequence_score.ts";
import { tokenEntropy } from "./strategies/token_entropy.ts";
import { tokenEntropyMax } from "./strategies/token_entropy_max.ts";
import type { Strategy } from "./strategy.ts";

/** The strategies, by the name that `al.strategy` takes. */
export const strategies = new Registry<Strategy>("strategy", [
  random,
  lc,
  margin,
  entropy,
  bald,
  mnlp,
  tokenEntropy,
  tokenEntropyMax,
  sequenceScore,
  beamVariance,
  qbcKl,
]);
