import { Registry } from "../registry.ts";
import { naive } from "./subsampling/naive.ts";
import { none } from "./subsampling/none.ts";
import { random } from "./subsampling/random.ts";
import type { Subsampler } from "./subsampling/subsampler.ts";
import { ups } from "./subsampling/ups.ts";

/** The subsamplings, by the name that `al.sampling_type` takes. */
export const subsamplers = new Registry<Subsampler>("subsampling", [none, random, naive, ups]);
