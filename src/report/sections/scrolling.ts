import { type Markup, markup } from "../markup.ts";

/** A wide table that scrolls by itself, so that the page does not; the keyboard can scroll it too. */
export function scrolling(labelledBy: string, table: Markup): Markup {
  return markup`<div class="scrolling" role="region" tabindex="0" aria-labelledby="${labelledBy}">${table}</div>`;
}
