/**
 * A published model that the thesis works with. This file is data alone: what only reads names, such as a table of curves, need not load
 * what computes a model.
 */
export interface PublishedModel {
  /** Its name on the hub, as papers and plans write it. */
  readonly name: string;
  /** The name that the hub moved it to. */
  readonly moved?: string;
  /** What the thesis's tables and figures call it; several checkpoints share one there. */
  readonly short: readonly string[];
  /** The name of the teacher that it was distilled from. */
  readonly distilledFrom?: string;
  /** An encoder beside a decoder, which Pupil cannot load yet. */
  readonly isSeq2seq?: true;
}

const MBERT = "bert-base-multilingual-cased";
const CONVERSATIONAL = "DeepPavlov/rubert-base-cased-conversational";
const BART = "facebook/bart-large-cnn";

/** The thesis's models, sections 4.1 to 4.5. */
export const publishedModels: readonly PublishedModel[] = [
  { name: "bert-base-cased", moved: "google-bert/bert-base-cased", short: ["BERT"] },
  { name: "bert-base-uncased", moved: "google-bert/bert-base-uncased", short: ["BERT"] },
  {
    name: "distilbert-base-cased",
    moved: "distilbert/distilbert-base-cased",
    short: ["DistilBERT"],
    distilledFrom: "bert-base-cased",
  },
  {
    name: "distilbert-base-uncased",
    moved: "distilbert/distilbert-base-uncased",
    short: ["DistilBERT"],
    distilledFrom: "bert-base-uncased",
  },
  { name: "huawei-noah/TinyBERT_General_4L_312D", short: ["TinyBERT"], distilledFrom: "bert-base-uncased" },
  { name: "google/electra-small-discriminator", short: ["ELECTRA small"] },
  { name: "google/electra-base-discriminator", short: ["ELECTRA"] },
  { name: "roberta-base", moved: "FacebookAI/roberta-base", short: ["RoBERTa"] },
  {
    name: "distilroberta-base",
    moved: "distilbert/distilroberta-base",
    short: ["DistilRoBERTa"],
    distilledFrom: "roberta-base",
  },
  { name: "gpt2", moved: "openai-community/gpt2", short: ["GPT-2"] },
  { name: "distilgpt2", moved: "distilbert/distilgpt2", short: ["DistilGPT-2"], distilledFrom: "gpt2" },
  { name: MBERT, moved: `google-bert/${MBERT}`, short: ["BERT"] },
  {
    name: "distilbert-base-multilingual-cased",
    moved: "distilbert/distilbert-base-multilingual-cased",
    short: ["DistilBERT"],
    distilledFrom: MBERT,
  },
  { name: "xlm-roberta-base", moved: "FacebookAI/xlm-roberta-base", short: ["XLM-RoBERTa"] },
  {
    name: "microsoft/Multilingual-MiniLM-L12-H384",
    short: ["Multilingual MiniLM", "MiniLM Multiling"],
    distilledFrom: "xlm-roberta-base",
  },
  { name: "DeepPavlov/rubert-base-cased", short: ["RuBERT"] },
  { name: CONVERSATIONAL, short: ["RuBERT"] },
  {
    name: "DeepPavlov/distilrubert-base-cased-conversational",
    short: ["DistilRuBERT"],
    distilledFrom: CONVERSATIONAL,
  },
  // The thesis, section 5.2, counts both among the distillations of multilingual BERT.
  { name: "cointegrated/rubert-tiny", short: ["RuBERT-tiny"], distilledFrom: MBERT },
  { name: "cointegrated/rubert-tiny2", short: ["RuBERT-tiny2"], distilledFrom: MBERT },
  { name: "t5-small", moved: "google-t5/t5-small", short: ["T5-small"], isSeq2seq: true },
  { name: "t5-base", moved: "google-t5/t5-base", short: ["T5-base"], isSeq2seq: true },
  { name: "facebook/bart-base", short: ["BART-base"], isSeq2seq: true },
  { name: BART, short: ["BART"], isSeq2seq: true },
  { name: "sshleifer/distilbart-cnn-12-6", short: ["DistilBART"], distilledFrom: BART, isSeq2seq: true },
];

/**
 * Whether one published model was distilled from another; undefined where one of the names is none of theirs. A short name stands for
 * each of its checkpoints.
 */
export function wasDistilledFrom(pupil: string, teacher: string): boolean | undefined {
  const [pupils, teachers] = [called(pupil), called(teacher)];
  if (pupils.length === 0 || teachers.length === 0) return undefined;
  return pupils.some(({ distilledFrom }) => teachers.some(({ name }) => name === distilledFrom));
}

function called(name: string): PublishedModel[] {
  return publishedModels.filter((model) => [model.name, model.moved, ...model.short].includes(name));
}
