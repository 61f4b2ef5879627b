import { Registry } from "../registry.ts";
import type { DataSource } from "./data_source.ts";
import { mail } from "./sets/mail.ts";
import { notEmbedded } from "./sets/not_embedded.ts";

/** Every data set that a plan may name without giving files. */
export const dataSets = new Registry<DataSource>("data set", [
  mail,
  notEmbedded("trec", "questions in six classes (Li and Roth 2002)"),
  notEmbedded("conll2003", "named entities in English news (Tjong Kim Sang and De Meulder 2003)"),
  notEmbedded("rumedner", "named entities in Russian drug reviews (RuMedBench)"),
  notEmbedded("cedr", "emotions in Russian posts (Sboev et al. 2021)"),
  notEmbedded("Rexhaif/cedr-full", "emotions in Russian posts, under its name on the hub"),
  notEmbedded("samsum", "summaries of chats (Gliwa et al. 2019)"),
]);
