import { Registry } from "../../src/registry.ts";
import type { Bench } from "./bench.ts";
import { kernels } from "./kernels.ts";
import { matmul } from "./matmul.ts";
import { score } from "./score.ts";
import { tokenizers } from "./tokenizers.ts";
import { train } from "./train.ts";

/** What `pupil bench` can measure. */
export const benches = new Registry<Bench>("bench", [kernels, train, score, matmul, tokenizers]);
