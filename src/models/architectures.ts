import { Registry } from "../registry.ts";
import type { Architecture } from "./architecture.ts";
import { bag } from "./architectures/bag.ts";
import { bert } from "./architectures/bert.ts";
import { distilbert } from "./architectures/distilbert.ts";
import { electra } from "./architectures/electra.ts";
import { gpt2 } from "./architectures/gpt2.ts";
import { roberta, xlmRoberta } from "./architectures/roberta.ts";
import { useLite } from "./architectures/use_lite.ts";

/** The architectures, by the `model_type` of a `config.json`. */
export const architectures = new Registry<Architecture>("architecture", [
  bert,
  distilbert,
  electra,
  roberta,
  xlmRoberta,
  gpt2,
  useLite,
  bag,
]);
