/** Cuts a mail down to what its sender wrote, and takes away what the corpus and its lists added. */

import { withoutFooters } from "./footers.ts";
import { withoutQuotations } from "./quotations.ts";

/** The feed reader that part of the corpus came through put these two lines above each item, and marked its pictures. */
const FEED_LINES = /^\s*URL: .*\nDate: .*\n/;
const FEED_PICTURE = /\[IMG:(?:[^[\]]|\[[^\]]*\])*\]/g;

const SIGNED = /^-{5}BEGIN PGP SIGNED MESSAGE-{5}\n(?:[A-Z].*\n)*/m;

/** The makers of the corpus put `yyyy` or `zzzz` for the name of the mailbox that most of it was sent to. */
const MAILBOX = /\b(?:yyyy|zzzz)\w*(?:\s*,)?\s*/g;

const REPLY = "(?:re|fwd?|aw)\\s*(?:\\[\\d+\\])?:\\s*";
const LIST_TAG = new RegExp(`^(${REPLY})?\\[[^\\]]{0,40}\\]\\s*`, "i");
const REPLIES = new RegExp(`^(re|fwd?|aw)\\s*(?:\\[\\d+\\])?:\\s*(?:${REPLY})+`, "i");

export function ownBody(body: string): string {
  const text = body
    .replace(/\u00a0/g, " ")
    .replace(FEED_LINES, "")
    .replace(FEED_PICTURE, " ")
    .replace(SIGNED, "")
    .replace(MAILBOX, "");
  return withoutQuotations(withoutFooters(text));
}

/** A subject without list tags; the mark of a reply or a forward stays, once. */
export function ownSubject(subject: string): string {
  let text = subject.replace(/\s+/g, " ").trim();
  for (let before = ""; before !== text;) {
    before = text;
    text = text.replace(LIST_TAG, "$1").replace(REPLIES, "$1: ");
  }
  return text.replace(MAILBOX, "").trim();
}
