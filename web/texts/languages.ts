import { en } from "./english.ts";
import { ru } from "./russian.ts";
import type { Texts } from "./texts.ts";

/** The languages of the page, by their tag: another one is a file beside `english.ts`, and a line here. */
export const languages = { en, ru } as const satisfies Readonly<Record<string, Texts>>;

export type Language = keyof typeof languages;

/** The first of a person's languages that the page speaks; else English. */
export function languageOf(wanted: readonly string[]): Language {
  const spoken = wanted.map((tag) => tag.split("-")[0]).find((tag): tag is Language => tag! in languages);
  return spoken ?? "en";
}
