import { Registry } from "../registry.ts";
import { entropy } from "./strategies/entropy.ts";
import { lc } from "./strategies/lc.ts";
import { margin } from "./strategies/margin.ts";
import { random } from "./strategies/random.ts";
import type { Strategy } from "./strategy.ts";

/** The strategies, by the name that `al.strategy` takes. */
export const strategies = new Registry<Strategy>("strategy", [random, lc, margin, entropy], ["mnlp", "sequence_score"]);
