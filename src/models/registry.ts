import { Registry } from "../registry.ts";
import type { ModelSource } from "./model_source.ts";
import { embedded } from "./sources/embedded.ts";
import { notYet } from "./sources/not_yet.ts";
import { onHub } from "./sources/on_hub.ts";

const MBERT = "bert-base-multilingual-cased";

/** The models that a plan may name: Pupil's own, then the thesis's, with the teacher of those that were distilled. */
export const models = new Registry<ModelSource>("model", [
  embedded("encoder-64"),
  embedded("encoder-32"),
  embedded("bag-64"),

  onHub("bert-base-cased"),
  onHub("bert-base-uncased"),
  onHub("distilbert-base-cased", "bert-base-cased"),
  onHub("distilbert-base-uncased", "bert-base-uncased"),
  onHub("huawei-noah/TinyBERT_General_4L_312D", "bert-base-uncased"),
  onHub("google/electra-small-discriminator"),
  onHub("google/electra-base-discriminator"),
  onHub("roberta-base"),
  onHub("distilroberta-base", "roberta-base"),
  onHub("gpt2"),
  onHub("distilgpt2", "gpt2"),
  onHub(MBERT),
  onHub("distilbert-base-multilingual-cased", MBERT),
  onHub("xlm-roberta-base"),
  onHub("microsoft/Multilingual-MiniLM-L12-H384", "xlm-roberta-base"),
  onHub("DeepPavlov/rubert-base-cased"),
  onHub("DeepPavlov/rubert-base-cased-conversational"),
  onHub("DeepPavlov/distilrubert-base-cased-conversational", "DeepPavlov/rubert-base-cased-conversational"),
  // The thesis, section 5.2, counts both among the distillations of multilingual BERT.
  onHub("cointegrated/rubert-tiny", MBERT),
  onHub("cointegrated/rubert-tiny2", MBERT),
  notYet("t5-small"),
  notYet("t5-base"),
  notYet("facebook/bart-base"),
  notYet("facebook/bart-large-cnn"),
  notYet("sshleifer/distilbart-cnn-12-6", "facebook/bart-large-cnn"),
]);
