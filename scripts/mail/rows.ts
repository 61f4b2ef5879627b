/** From mails to rows of the data set. */

import { hash } from "../../src/hash.ts";
import type { Label, RawMail } from "./corpus.ts";
import { Families, wordsOf } from "./families.ts";
import { readMail } from "./mail_text.ts";
import { firstWords, normalText } from "./normal_text.ts";
import { ownBody, ownSubject } from "./own_words.ts";
import { type Rejection, rejectionOf } from "./rejection.ts";

export interface Row {
  readonly id: string;
  readonly text: string;
  readonly label: Label;
  readonly split: "train" | "test";
}

export interface Dropped {
  readonly id: string;
  readonly reason: Rejection | "duplicate";
}

const SUBJECT_CHARACTERS = 160;
const TEXT_CHARACTERS = 1000;
const TEST_SHARE = 0.25;

/** Rows in the order of the mails, and what became of the others. */
export async function rowsOf(mails: AsyncIterable<RawMail>): Promise<{ rows: Row[]; dropped: Dropped[] }> {
  const families = new Families();
  const kept: Omit<Row, "split">[] = [];
  const dropped: Dropped[] = [];
  for await (const { id, label, bytes } of mails) {
    const text = textOf(bytes);
    const rejection = rejectionOf(text);
    if (rejection !== undefined) dropped.push({ id, reason: rejection });
    else if (families.add(text) === undefined) dropped.push({ id, reason: "duplicate" });
    else kept.push({ id, text, label });
  }
  const rows = kept.map((row, index): Row => ({ ...row, split: splitOf(kept[families.firstOf(index)]!.text) }));
  return { rows, dropped };
}

/** Subject, line break, body: what a small model sees of a mail is its beginning. */
export function textOf(bytes: Uint8Array): string {
  const { subject, body } = readMail(bytes);
  const head = firstWords(normalText(ownSubject(subject)), SUBJECT_CHARACTERS);
  return firstWords([head, normalText(ownBody(body))].filter((part) => part !== "").join("\n"), TEXT_CHARACTERS);
}

/** By a hash of the words alone, so that no change of digits, case or masks moves a text across. */
function splitOf(text: string): Row["split"] {
  return Number.parseInt(hash(wordsOf(text).join(" "), 8), 16) < TEST_SHARE * 2 ** 32 ? "test" : "train";
}
