import { Registry } from "../registry.ts";
import type { ModelSource } from "./model_source.ts";
import { publishedModels } from "./published_models.ts";
import { embedded } from "./sources/embedded.ts";
import { notYet } from "./sources/not_yet.ts";
import { onHub } from "./sources/on_hub.ts";
import { useLiteEn } from "./sources/use_lite_en.ts";

/** The models that a plan may name: Pupil's own, then the thesis's, with the teacher of those that were distilled. */
export const models = new Registry<ModelSource>("model", [
  embedded("encoder-64"),
  embedded("encoder-32"),
  embedded("bag-64"),
  useLiteEn,

  ...publishedModels.map((model) => (model.isSeq2seq ? notYet : onHub)(model.name, model.distilledFrom)),
]);
