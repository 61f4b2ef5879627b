/** The text that a reader of an HTML mail sees. It scans rather than parses: spam is seldom well-formed, and only text is wanted. */

import { decodeReferences } from "./html_entities.ts";

const COMMENT = /<!--[\s\S]*?(?:-->|$)/g;
/** Elements whose content is not shown. An unclosed title or script would swallow the mail; then only its tag is dropped. */
const UNSEEN = /<(script|style|title|noframes|noscript|select|textarea|object)\b[^>]*>[\s\S]*?<\/\1\s*>/gi;
const QUOTED = /<blockquote\b[^>]*\btype\s*=\s*["']?cite\b[\s\S]*?<\/blockquote\s*>/gi;
/** A tag or declaration. In malformed mail the next tag ends one that lacks its `>`. */
const TAG = /<(?:!\[[^>]*>|[!?/]?([a-z][a-z0-9]*)(?:(?:[^<>"']|"[^"<]*"|'[^'<]*')*>|[^<>]*(?:>|(?=<)|$)))/gi;

const BREAKS = new Set(
  "br hr p div tr table ul ol li dl dt dd h1 h2 h3 h4 h5 h6 center blockquote pre form body html head".split(" "),
);
const SPACES = new Set(["td", "th", "img", "option", "input"]);

export function htmlToText(html: string): string {
  const text = html
    .replace(/\r/g, "")
    .replace(COMMENT, "")
    .replace(UNSEEN, " ")
    .replace(QUOTED, "<br>")
    // Line ends within the markup are spaces; only the elements break lines.
    .replace(/\s+/g, " ")
    .replace(TAG, (_tag, name: string | undefined) => replacement(name?.toLowerCase() ?? ""));
  return decodeReferences(text);
}

function replacement(element: string): string {
  return BREAKS.has(element) ? "\n" : SPACES.has(element) ? " " : "";
}

/** Whether a text that calls itself plain is HTML all the same. */
export function looksLikeHtml(text: string): boolean {
  const tags = text.match(/<\/?(?:html|head|body|table|tr|td|font|center|div|p|br|b|a|img)\b[^<>]*>/gi)?.length ?? 0;
  const layout = /<\s*(?:html|body|table|font|center|br)\b/i.test(text);
  const link = /<a\s+href\s*=[^<>]*>[^<>]*<\/a>/i.test(text);
  return (tags >= 4 && layout) || link;
}
