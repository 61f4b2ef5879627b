import * as charts from "./charts.ts";
import * as kept from "./kept.ts";
import * as label from "./label.ts";
import * as lab from "./lab.ts";

/** Everything that a person reads on the page. */
export interface Texts {
  readonly charts: charts.ChartWords;
  readonly lab: lab.LabWords;
  readonly label: label.LabelWords;
  readonly kept: kept.KeptWords;
}

/** The languages of the page, by their tag: another one is a constant more in each file of this folder, and a line here. */
export const languages = {
  en: { charts: charts.en, lab: lab.en, label: label.en, kept: kept.en },
  ru: { charts: charts.ru, lab: lab.ru, label: label.ru, kept: kept.ru },
} as const satisfies Readonly<Record<string, Texts>>;

export type Language = keyof typeof languages;

/** The first of a person's languages that the page speaks; else English. */
export function languageOf(wanted: readonly string[]): Language {
  const spoken = wanted.map((tag) => tag.split("-")[0]).find((tag): tag is Language => tag! in languages);
  return spoken ?? "en";
}
