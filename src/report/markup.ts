/**
 * HTML or SVG text. A string that goes into a {@link markup} template is text and is escaped; only `Markup` goes in as it is, so
 * forgetting to escape is not possible by omission.
 */
export class Markup {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

/** What a template may hold: text, markup, several of either, or nothing. */
export type Content = string | number | Markup | readonly Content[] | undefined | null | false;

/** Template tag: markup`<td>${anything}</td>`. */
export function markup(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(parts.reduce((text, part, index) => text + write(contents[index - 1]) + part));
}

/** Escapes text for element content and for quoted attributes, and drops what XML cannot hold. */
export function escapeMarkup(text: string): string {
  return text.toWellFormed()
    // deno-lint-ignore no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"']/g, (character) => entities[character]!);
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function write(content: Content): string {
  if (content instanceof Markup) return content.text;
  if (Array.isArray(content)) return content.map(write).join("");
  if (content === undefined || content === null || content === false) return "";
  return escapeMarkup(String(content));
}
