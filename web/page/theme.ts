import { css, type CSSResult, unsafeCSS } from "lit";

/** Every colour of the page, as a CSS colour. A custom property of the same name carries it: `--bg`, `--accent-text`, ... */
export interface Palette {
  readonly bg: string;
  readonly surface: string;
  readonly text: string;
  readonly muted: string;
  /** Quiet rules that nobody needs to see; what must be seen is drawn in `line-strong`. */
  readonly line: string;
  readonly "line-strong": string;
  readonly accent: string;
  readonly "accent-text": string;
  /** Experiments, everywhere in the same colour: random picks, the successor's own, another model's, a person's. */
  readonly random: string;
  readonly self: string;
  readonly asm: string;
  readonly you: string;
  readonly good: string;
  readonly bad: string;
  readonly focus: string;
  /** What is lit among many points, and the edge around it. */
  readonly lit: string;
  readonly "lit-edge": string;
}

/** Text colours have 4.5 : 1 against `bg` and `surface`, `line-strong` and `focus` 3 : 1. */
export const light: Palette = {
  "bg": "#f6f6f3",
  "surface": "#ffffff",
  "text": "#1c2126",
  "muted": "#5b636c",
  "line": "#e1e3e1",
  "line-strong": "#858c94",
  "accent": "#0b666f",
  "accent-text": "#ffffff",
  "random": "#646464",
  "self": "#0b5fa5",
  "asm": "#b84300",
  "you": "#a3326e",
  "good": "#00705a",
  "bad": "#b3261e",
  "focus": "#0a5bd3",
  "lit": "#ffb300",
  "lit-edge": "#3a2500",
};

export const dark: Palette = {
  "bg": "#121518",
  "surface": "#1a1e22",
  "text": "#e8eaec",
  "muted": "#a1a9b2",
  "line": "#2d3339",
  "line-strong": "#737c86",
  "accent": "#63c5cd",
  "accent-text": "#08191b",
  "random": "#b0b0b0",
  "self": "#74b4f5",
  "asm": "#f59a55",
  "you": "#f08fc0",
  "good": "#5fcba0",
  "bad": "#ff8f86",
  "focus": "#9cc8ff",
  "lit": "#63e0ea",
  "lit-edge": "#06181a",
};

/** A reader who asks for more contrast gets no faint text and no faint rules. */
function contrasting(palette: Palette): Partial<Palette> {
  return { "muted": palette.text, "line": palette["line-strong"], "line-strong": palette.text };
}

function declarations(palette: Partial<Palette>): CSSResult {
  return unsafeCSS(Object.entries(palette).map(([name, colour]) => `--${name}: ${colour};`).join(" "));
}

/** The document's own sheet: the palette by the system's wish or by `<html data-theme="light|dark">`, and the type. */
export const documentStyles: CSSResult = css`
  :root {
    color-scheme: light;
    --scheme: light;
    ${declarations(
      light,
    )} --font: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif;
    --mono: ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace;
    --radius: 6px;
    --shadow: 0 1px 2px rgb(0 0 0 / 0.06), 0 6px 20px rgb(0 0 0 / 0.1);
  }
  @media (prefers-contrast: more) {
    :root {
      ${declarations(contrasting(light))};
    }
  }
  @media (prefers-color-scheme: dark) {
    :root:not([data-theme="light"]) {
      color-scheme: dark;
      --scheme: dark;
      ${declarations(dark)} --shadow: 0 1px 2px rgb(0 0 0 / 0.5), 0 6px 20px rgb(0 0 0 / 0.5);
    }
  }
  @media (prefers-color-scheme: dark) and (prefers-contrast: more) {
    :root:not([data-theme="light"]) {
      ${declarations(contrasting(dark))};
    }
  }
  :root[data-theme="dark"] {
    color-scheme: dark;
    --scheme: dark;
    ${declarations(dark)} --shadow: 0 1px 2px rgb(0 0 0 / 0.5), 0 6px 20px rgb(0 0 0 / 0.5);
  }
  @media (prefers-contrast: more) {
    :root[data-theme="dark"] {
      ${declarations(contrasting(dark))};
    }
  }
  body {
    margin: 0;
    background: var(--bg);
    color: var(--text);
    font: 1rem/1.5 var(--font);
    -webkit-text-size-adjust: 100%;
  }
`;

/** What every element's shadow root starts from: boxes, buttons, links, tables, disclosures, and the ring of focus. */
export const baseStyles: CSSResult = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: 2px;
  }
  button,
  input,
  select,
  textarea {
    font: inherit;
    color: inherit;
  }
  button {
    min-height: 2rem;
    padding: 0.25rem 0.75rem;
    border: 1px solid var(--line-strong);
    border-radius: var(--radius);
    background: var(--surface);
    color: var(--text);
    cursor: pointer;
  }
  button:hover {
    border-color: var(--accent);
    color: var(--accent);
  }
  button.primary {
    border-color: var(--accent);
    background: var(--accent);
    color: var(--accent-text);
  }
  button.primary:hover {
    filter: brightness(1.08);
  }
  button:disabled,
  button[aria-disabled="true"] {
    border-color: var(--line);
    background: none;
    color: var(--muted);
    cursor: default;
    filter: none;
  }
  a {
    color: var(--accent);
  }
  summary {
    width: fit-content;
    border-radius: var(--radius);
    color: var(--muted);
    font-size: 0.875rem;
    cursor: pointer;
  }
  summary:hover {
    color: var(--text);
  }
  table {
    border-collapse: collapse;
    font-size: 0.875rem;
    font-variant-numeric: tabular-nums;
  }
  caption {
    padding-bottom: 0.25rem;
    color: var(--muted);
    text-align: left;
  }
  th,
  td {
    padding: 0.3rem 0.9rem 0.3rem 0;
    border-bottom: 1px solid var(--line);
    text-align: left;
    font-weight: 400;
  }
  thead th {
    border-bottom-color: var(--line-strong);
    color: var(--muted);
    vertical-align: bottom;
  }
  tbody th {
    font-weight: 600;
  }
  .number {
    text-align: right;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    padding: 0;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
    border: 0;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
      scroll-behavior: auto !important;
    }
  }
`;

/** Panels of a view, their headings, and what is said quietly. */
export const panelStyles: CSSResult = css`
  :host {
    display: grid;
    gap: 1rem;
  }
  .panel {
    padding: 1rem 1.25rem;
    border: 1px solid var(--line);
    border-radius: calc(var(--radius) * 1.5);
    background: var(--surface);
    min-width: 0;
  }
  .panel > :last-child {
    margin-bottom: 0;
  }
  h2 {
    margin: 0 0 0.25rem;
    font-size: 1.0625rem;
  }
  .quiet {
    color: var(--muted);
    font-size: 0.875rem;
  }
`;

/** Gives a document the theme; elements inherit the colours into their shadow roots. */
export function adoptTheme(document: Document): void {
  const sheet = documentStyles.styleSheet!;
  if (!document.adoptedStyleSheets.includes(sheet)) document.adoptedStyleSheets.push(sheet);
}

/** A wide column of panels beside a narrow one; on a narrow screen, one under the other. */
export const columnStyles: CSSResult = css`
  .columns {
    display: grid;
    gap: 1rem;
    grid-template-columns: minmax(0, 1fr);
  }
  @media (min-width: 64rem) {
    .columns {
      grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
      align-items: start;
    }
  }
  .stack {
    display: grid;
    gap: 1rem;
    min-width: 0;
  }
`;
