import { type Language, languages } from "../texts/languages.ts";

/** How a person wants the page to look; kept by the browser, apart from runs. */
export interface Preferences {
  /** Undefined where none was chosen yet. */
  readonly language: Language | undefined;
  readonly theme: "auto" | "light" | "dark";
}

const KEY = "pupil";

/** What was chosen before. A browser that keeps nothing gives the defaults. */
export function readLook(): Preferences {
  try {
    const { language, theme } = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return {
      language: typeof language === "string" && language in languages ? language as Language : undefined,
      theme: theme === "light" || theme === "dark" ? theme : "auto",
    };
  } catch {
    return { language: undefined, theme: "auto" };
  }
}

export function writeLook(preferences: Preferences): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // It is asked again next time.
  }
}
