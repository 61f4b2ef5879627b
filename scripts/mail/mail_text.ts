/** Subject and body of a mail, as text. */

import { toByteText } from "./bytes.ts";
import { decodeCharset, isCharset } from "./charset.ts";
import { decodeHeader } from "./encoded_words.ts";
import { type Entity, parseEntity } from "./entity.ts";
import { withoutFooters } from "./footers.ts";
import { htmlToText, looksLikeHtml } from "./html.ts";
import { decodeReferences } from "./html_entities.ts";

export interface MailText {
  readonly subject: string;
  /** Lines as the sender broke them. */
  readonly body: string;
}

export function readMail(bytes: Uint8Array): MailText {
  const raw = toByteText(bytes);
  return textOf(parseEntity(raw), charsetHint(raw));
}

/** The first charset that the mail names and that says something: an HTML `meta`, another part's header. */
function charsetHint(raw: string): string | undefined {
  for (const [, label] of raw.matchAll(/charset\s*=\s*(?:3D)?["']?([\w.:-]+)/gi)) {
    if (!/^(us-ascii|iso-8859-1)$/i.test(label!) && isCharset(label!)) return label;
  }
  return undefined;
}

function textOf(mail: Entity, hint: string | undefined): MailText {
  return { subject: decodeHeader(mail.headers.get("subject") ?? "", hint), body: bodyOf(mail, hint) };
}

function bodyOf(entity: Entity, hint: string | undefined): string {
  if (entity.attached) return "";
  const bodies = () => entity.children.map((child) => bodyOf(child, hint));
  switch (entity.type) {
    case "multipart/alternative":
      return plainest(entity.children, bodies());
    case "multipart/report":
      // The other parts are the mail that could not be delivered, as evidence.
      return bodies()[0] ?? "";
    case "message/rfc822":
      return entity.children.map((child) => textOf(child, hint)).map(({ subject, body }) => `${subject}\n${body}`).join(
        "\n",
      );
    case "text/html":
      return htmlToText(contentOf(entity, hint));
    case "text/plain": {
      const text = contentOf(entity, hint);
      return looksLikeHtml(text) ? htmlToText(text) : text.replace(/&#?\w{2,8};/g, decodeReferences);
    }
    default:
      return bodies().join("\n");
  }
}

/** A list's plain footer is cut off before HTML is read: within HTML its lines would run together. */
function contentOf(entity: Entity, hint: string | undefined): string {
  return withoutFooters(decodeCharset(entity.content, entity.charset, hint).replace(/\r/g, ""));
}

/** The plain one of several renderings of one text, unless it says hardly more than that there is another. */
function plainest(parts: readonly Entity[], bodies: readonly string[]): string {
  const longest = bodies.reduce((one, other) => (words(other) > words(one) ? other : one), "");
  const plain = bodies[parts.findIndex(({ type }) => type === "text/plain")];
  return plain !== undefined && words(plain) >= Math.max(10, words(longest) / 5) ? plain : longest;
}

function words(text: string): number {
  return text.match(/\p{L}{2,}/gu)?.length ?? 0;
}
