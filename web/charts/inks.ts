import { uncertaintyRamp } from "./ramp.ts";

/** The theme's colours as a canvas takes them. */
export interface Inks {
  /** Differs where any colour does. */
  readonly theme: string;
  readonly surface: string;
  readonly text: string;
  readonly muted: string;
  readonly lit: string;
  readonly litEdge: string;
  readonly focus: string;
  /** From sure to unsure. */
  readonly ramp: readonly string[];
}

const names = {
  surface: "#ffffff",
  text: "#1c2126",
  muted: "#5b636c",
  focus: "#0a5bd3",
  lit: "#ffb300",
  "lit-edge": "#3a2500",
  scheme: "light",
};

/** What the theme is for an element right now; `known` itself where it is the same still. */
export function inksOf(element: Element, known?: Inks): Inks {
  const style = getComputedStyle(element);
  const found = Object.entries(names).map(([name, otherwise]) =>
    style.getPropertyValue(`--${name}`).trim() || otherwise
  );
  const theme = found.join(" ");
  if (known?.theme === theme) return known;
  const [surface, text, muted, focus, lit, litEdge, scheme] = found as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  return {
    theme,
    surface,
    text,
    muted,
    focus,
    lit,
    litEdge,
    ramp: uncertaintyRamp(scheme === "dark" ? "dark" : "light"),
  };
}

/** Calls `changed` whenever the theme may have, until the signal stops it. */
export function watchTheme(signal: AbortSignal, changed: () => void): void {
  for (const query of ["(prefers-color-scheme: dark)", "(prefers-contrast: more)"]) {
    matchMedia(query).addEventListener("change", changed, { signal });
  }
  const attributes = new MutationObserver(changed);
  attributes.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  signal.addEventListener("abort", () => attributes.disconnect());
}
