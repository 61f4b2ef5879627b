import { Registry } from "../registry.ts";
import type { Architecture } from "./architecture.ts";
import { bag } from "./bag/bag.ts";
import { bert } from "./bert/bert.ts";

/** The architectures, by the `model_type` of a `config.json`. */
export const architectures = new Registry<Architecture>("architecture", [bert as Architecture, bag as Architecture]);
