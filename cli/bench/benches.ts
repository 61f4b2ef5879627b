import { Registry } from "../../src/registry.ts";
import type { Bench } from "./bench.ts";
import { kernels } from "./kernels.ts";

/** What `pupil bench` can measure. */
export const benches = new Registry<Bench>("bench", [kernels], ["train", "score"]);
