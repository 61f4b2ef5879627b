import { describe, expect, it } from "vitest";
import { dataSets } from "../../src/data/registry.ts";
import { Failure } from "../../src/errors.ts";
import { MemoryFiles } from "../host/memory_files.ts";
import { zipped } from "./source.ts";

async function mails(text: string): Promise<MemoryFiles> {
  const files = new MemoryFiles();
  await files.write("data/mail.jsonl.gz", (await zipped("", text)).bytes);
  return files;
}

describe("known data sets", () => {
  it("include the embedded mails, whose rows say their part", async () => {
    const rows = [["1", "ham", "train"], ["2", "spam", "train"], ["3", "ham", "test"]]
      .map(([id, label, split]) => JSON.stringify({ id, text: `mail ${id}`, label, split }));
    const set = await dataSets.get("mail").load(await mails(rows.join("\n")));
    expect(set.train.map(({ id }) => id)).toEqual(["1", "2"]);
    expect(set.test).toEqual([{ id: "3", text: "mail 3", label: "ham" }]);
    expect(set.labels).toEqual(["ham", "spam"]);
  });

  it("say which row of the mails belongs to no part, and where the file lacks", async () => {
    const files = await mails('{"id": "1", "text": "a", "label": "ham", "split": "dev"}');
    await expect(dataSets.get("mail").load(files)).rejects.toThrow(/mail\.jsonl\.gz:1: split is "dev"/);
    await expect(dataSets.get("mail").load(new MemoryFiles())).rejects.toThrow(Failure);
  });

  it.each(["trec", "conll2003", "rumedner", "cedr", "Rexhaif/cedr-full", "samsum"])(
    "include %s, by files",
    async (name) => {
      const missing = dataSets.get(name).load(new MemoryFiles());
      await expect(missing).rejects.toThrow(
        `the data set '${name}' does not come with Pupil. Give its files: data.train=FILE and data.test=FILE`,
      );
    },
  );

  it("have a nearest name", () => {
    expect(() => dataSets.get("trek", "data.dataset_name")).toThrow(
      "data.dataset_name: unknown data set 'trek'. Did you mean trec?",
    );
  });
});
