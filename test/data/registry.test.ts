import { describe, expect, it } from "vitest";
import type { DataConfig } from "../../src/config/schema.ts";
import { Failure, InputError } from "../../src/errors.ts";
import { loadData } from "../../src/experiment/load_data.ts";
import { dataSizes } from "../../src/experiment/data_sizes.ts";
import { MemoryFiles } from "../host/memory_files.ts";
import { published } from "./published.ts";
import { zipped } from "./source.ts";

async function mails(text: string): Promise<MemoryFiles> {
  const files = new MemoryFiles();
  await files.write("data/mail.jsonl.gz", (await zipped("", text)).bytes);
  return files;
}

const load = (assets: MemoryFiles, changes: Partial<DataConfig> = {}) =>
  loadData(published("mail", changes), { assets, userFiles: new MemoryFiles() });
const nowhere = { assets: new MemoryFiles(), userFiles: new MemoryFiles() };

describe("known data sets", () => {
  it("include the embedded mails, whose rows say their part", async () => {
    const rows = [["1", "ham", "train"], ["2", "spam", "train"], ["3", "ham", "test"]]
      .map(([id, label, split]) => JSON.stringify({ id, text: `mail ${id}`, label, split }));
    const set = await load(await mails(rows.join("\n")));
    expect(set.train.map(({ id }) => id)).toEqual(["1", "2"]);
    expect(set.test).toEqual([{ id: "3", text: "mail 3", label: "ham" }]);
    expect(set.labels).toEqual(["ham", "spam"]);
    expect(set).not.toHaveProperty("notices");
  });

  it("say which row of the mails belongs to no part, where the file lacks, and what they do not have", async () => {
    const files = await mails('{"id": "1", "text": "a", "label": "ham", "split": "dev"}');
    await expect(load(files)).rejects.toThrow(/mail\.jsonl\.gz:1: split is "dev"/);
    await expect(load(new MemoryFiles())).rejects.toThrow(Failure);
    await expect(load(files, { subset: "x" })).rejects.toThrow(
      "data.subset has no effect: the data set 'mail' comes with Pupil",
    );
  });

  it.each(["trec", "cedr", "Rexhaif/cedr-full", "owner/name"])("include %s, on the hub", async (name) => {
    const missing = loadData(published(name), nowhere);
    await expect(missing).rejects.toThrow(InputError);
    await expect(missing).rejects.toThrow(`'${name}' is on the hub, which is not asked from here. Give its files`);
  });

  it("include one that is on no hub", async () => {
    await expect(dataSizes({ task: "tagging", data: published("rumedner") }, nowhere)).rejects.toThrow(
      /^'rumedner' is not fetched, since .* Give a folder that holds it, with data\.path=FOLDER,\nor its files, /,
    );
  });

  it.each([
    ["classification", "conll2003", "tagging"],
    ["tagging", "trec", "classification"],
    ["seq2seq", "mail", "classification"],
  ])("are not taken for the wrong task: %s of %s", async (task, name, kind) => {
    await expect(dataSizes({ task, data: published(name) }, nowhere)).rejects.toThrow(
      `data.dataset_name: '${name}' is made for ${kind}, not for `,
    );
  });

  it("have a nearest name", async () => {
    await expect(loadData(published("trek"), nowhere)).rejects.toThrow(
      "data.dataset_name: unknown data set 'trek'. Did you mean trec?",
    );
  });
});
