import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { GROUPS, readCorpus } from "../../../scripts/mail/corpus.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "corpus-"));
});

afterEach(() => rm(folder, { recursive: true }));

it("reads the mails of all groups in order, as bytes, and nothing else", async () => {
  for (const group of GROUPS) {
    await mkdir(join(folder, group.folder));
    for (const number of ["00002", "00001"]) {
      await writeFile(join(folder, group.folder, `${number}.${"0f".repeat(16)}.txt`), Uint8Array.of(0xe9));
      await writeFile(join(folder, group.folder, `${number}.${"0f".repeat(16)}.json`), "{}");
    }
  }
  const mails = [];
  for await (const mail of readCorpus(folder)) mails.push(mail);
  expect(mails.map(({ id, label }) => `${id} ${label}`)).toEqual([
    "easy-ham-1/00001 ham",
    "easy-ham-1/00002 ham",
    "easy-ham-2/00001 ham",
    "easy-ham-2/00002 ham",
    "hard-ham-1/00001 newsletter",
    "hard-ham-1/00002 newsletter",
    "spam-1/00001 spam",
    "spam-1/00002 spam",
    "spam-2/00001 spam",
    "spam-2/00002 spam",
  ]);
  expect(mails[0]!.bytes).toEqual(Uint8Array.of(0xe9));
});

it("says which folder is missing", async () => {
  await expect(readCorpus(folder).next()).rejects.toThrow(/no folder easy-ham-1\. Expected: easy-ham-1, easy-ham-2,/);
});
