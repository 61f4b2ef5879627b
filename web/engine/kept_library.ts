import { InputError, messageOf } from "../../src/errors.ts";
import { readPlan } from "../../src/experiment/run_directory.ts";
import { statusOf } from "../../src/experiment/status.ts";
import { below, type Clock, type Files } from "../../src/host.ts";
import { readCheckpoint } from "../../src/models/checkpoint.ts";
import { isModelFile } from "../../src/models/model_files.ts";
import { curvesCsv, curvesSvg } from "../data/curves_export.ts";
import { allOrNothing } from "../data/all_or_nothing.ts";
import { droppedEntries, type DroppedFile } from "../data/dropped_entries.ts";
import { entryFiles } from "../data/entry_files.ts";
import { exportLabels, exportRun } from "../data/export_run.ts";
import type { ColumnChoice } from "../data/guess_columns.ts";
import { type ImportedRun, importRun } from "../data/import_run.ts";
import { freeName, safeName } from "../data/names.ts";
import { keepOwnData, type OwnData, type OwnDataChoice, ownDataSets, removeOwnData } from "../data/own_data.ts";
import { type Preview, previewOf } from "../data/preview.ts";
import { readPasted, readTable } from "../data/read_table.ts";
import { readZip } from "../data/zip/read_zip.ts";
import type { OpfsFiles } from "../host/opfs_files.ts";
import { HUB_FOLDER } from "../hub/hub_cache.ts";
import { storageEstimate } from "../host/storage_estimate.ts";
import type { GivenTable, HubModel, KeptRun, Library, OwnModel, Saved, Storage } from "./api.ts";
import { HubModels } from "./hub_models.ts";

export interface LibraryServices {
  readonly root: OpfsFiles;
  readonly assets: Files;
  readonly clock: Clock;
  /** The run directory that this tab has open. */
  open(): Promise<string | undefined>;
  /** Ends whatever runs, before something is removed that it may use. */
  release(): Promise<void>;
}

/** What a model's folder must hold, by Hugging Face's names. */
const EXPECTED = "Expected a folder with config.json, model.safetensors and tokenizer.json, as Hugging Face has them";

/** What is kept in the browser's own storage. */
export class KeptLibrary implements Library {
  readonly #hub: HubModels;

  constructor(readonly services: LibraryServices) {
    this.#hub = new HubModels(services.root);
  }

  async preview(given: GivenTable, columns?: ColumnChoice): Promise<Preview> {
    return previewOf(await tableOf(given), columns);
  }

  async keepData(given: GivenTable, choice: OwnDataChoice): Promise<OwnData> {
    const { root, clock } = this.services;
    return await keepOwnData(root, await tableOf(given), choice, clock.date());
  }

  data(): Promise<readonly OwnData[]> {
    return ownDataSets(this.services.root);
  }

  async removeData(name: string): Promise<void> {
    const { root, release } = this.services;
    await release();
    await removeOwnData(root, name);
    for (const part of ["pool", "test", "measuring"]) await root.remove(`data/${name}.${part}.jsonl`);
  }

  async models(): Promise<readonly OwnModel[]> {
    return (await this.services.root.sizeOf("models")).map(({ path, bytes }) => ({ name: `./${path}`, bytes }));
  }

  async keepModel(dropped: readonly DroppedFile[]): Promise<string> {
    const { root } = this.services;
    const folder = modelFolder(dropped);
    const isOfModel = ({ path }: DroppedFile) => path.startsWith(folder) && isModelFile(path.slice(folder.length));
    const entries = await droppedEntries(dropped.filter(isOfModel), folder);
    const flat = entries.map(({ path, bytes }) => ({ path: lastPart(path), bytes }));
    const describe = (path: string) => folder + path;
    await readCheckpoint({ ...entryFiles(flat, folder), describe });
    const name = await freeName(
      safeName(folder.slice(0, -1), "model"),
      async (taken) => (await root.list(`models/${taken}`)).length > 0,
    );
    await allOrNothing(
      async () => {
        for (const { path, bytes } of flat) await root.write(`models/${name}/${path}`, bytes);
      },
      () => root.removeFolder(`models/${name}`),
    );
    return `./models/${name}`;
  }

  async removeModel(name: string): Promise<void> {
    const { root, release } = this.services;
    await release();
    await root.removeFolder(name.replace(/^\.\//, ""));
  }

  hubModels(): Promise<readonly HubModel[]> {
    return this.#hub.list();
  }

  checkHubModel(name: string, revision: string): Promise<void> {
    return this.#hub.check({ name, revision });
  }

  async removeHubModel(name: string): Promise<void> {
    await this.services.release();
    await this.#hub.remove(name);
  }

  async runs(): Promise<readonly KeptRun[]> {
    const { root } = this.services;
    const sizes = new Map((await root.sizeOf("runs")).map(({ path, bytes }) => [lastPart(path), bytes]));
    const runs: KeptRun[] = [];
    for (const folder of await root.list("runs")) {
      const run = await this.#run(folder, sizes.get(folder) ?? 0);
      if (run) runs.push(run);
    }
    return runs;
  }

  async removeRun(folder: string): Promise<void> {
    const { root, release } = this.services;
    using _claims = await this.#claim([folder]);
    await release();
    await root.removeFolder(`runs/${folder}`);
    await root.removeFolder(`looks/${folder}`);
  }

  async importRun(dropped: readonly DroppedFile[]): Promise<ImportedRun> {
    const [first] = dropped;
    if (!first) throw new InputError("no file was given");
    if (dropped.length === 1 && /\.zip$/i.test(first.path)) {
      const { entries, notices } = await readZip(new Uint8Array(await first.file.arrayBuffer()), first.path);
      const run = await importRun(this.services.root, entries, first.path);
      return { ...run, notices: [...notices, ...run.notices] };
    }
    const folder = first.path.split("/")[0]!;
    return await importRun(this.services.root, await droppedEntries(dropped, folder), folder);
  }

  async exportRun(folder: string): Promise<Saved> {
    const { file, bytes, notices } = await exportRun(this.#files(folder), this.#sources);
    return { file, type: "application/zip", bytes: new Uint8Array(bytes), notices };
  }

  async exportLabels(folder: string): Promise<Saved> {
    const text = await exportLabels(this.#files(folder), this.#sources);
    return saved(`${folder}-labels.jsonl`, "application/jsonl", text);
  }

  async exportCurves(folder: string, format: "csv" | "svg"): Promise<Saved> {
    const files = this.#files(folder);
    return format === "csv"
      ? saved(`${folder}-curves.csv`, "text/csv", await curvesCsv(files))
      : saved(`${folder}-curves.svg`, "image/svg+xml", await curvesSvg(files));
  }

  storage(): Promise<Storage> {
    return storageEstimate();
  }

  async clear(): Promise<void> {
    const { root, release } = this.services;
    using _claims = await this.#claim(await root.list("runs"));
    await this.#hub.removeAll();
    await release();
    for (const folder of ["runs", "looks", "trainings", "data", "models", HUB_FOLDER]) await root.removeFolder(folder);
  }

  /** Keeps runs from other tabs until they are removed. @throws InputError where another tab has one of them open */
  async #claim(folders: readonly string[]): Promise<Disposable> {
    const { root, open } = this.services;
    const own = await open();
    const claims: Disposable[] = [];
    const all = { [Symbol.dispose]: () => claims.forEach((claim) => claim[Symbol.dispose]()) };
    for (const folder of folders.filter((each) => each !== own)) {
      const claim = await root.claim(`runs/${folder}`);
      if (claim) claims.push(claim);
      else {
        all[Symbol.dispose]();
        throw new InputError("another tab of this page runs this. Close it first");
      }
    }
    return all;
  }

  get #sources() {
    return { assets: this.services.assets, userFiles: this.services.root };
  }

  #files(folder: string): Files {
    return below(this.services.root, `runs/${folder}`);
  }

  async #run(folder: string, bytes: number): Promise<KeptRun | undefined> {
    const files = this.#files(folder);
    const none = { folder, name: folder, data: "", points: 0, planned: 0, bytes };
    try {
      const plan = await readPlan(files);
      // A page that was closed while a run was brought in left the rest of it.
      if (!plan) return undefined;
      const statuses = await statusOf(files, plan.experiments);
      const begun = statuses.filter(({ done }) => done > 0);
      return {
        ...none,
        name: plan.name,
        data: plan.experiments[0]?.data.dataset_name ?? "",
        points: begun.reduce((sum, { done }) => sum + done, 0),
        planned: begun.reduce((sum, { of }) => sum + of, 0),
      };
    } catch (thrown) {
      return { ...none, broken: messageOf(thrown) };
    }
  }
}

async function tableOf(given: GivenTable) {
  if ("pasted" in given) return readPasted(given.pasted);
  const { file } = given;
  return await readTable({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
}

/** Where the files of a model lie among what was dropped: the highest folder that has a `config.json`, with a slash. */
function modelFolder(dropped: readonly DroppedFile[]): string {
  const folders = dropped.flatMap(({ path }) =>
    lastPart(path) === "config.json" ? [path.slice(0, -"config.json".length)] : []
  );
  const [highest] = folders.sort((a, b) => a.split("/").length - b.split("/").length);
  if (highest === undefined) throw new InputError(`no model is in it, for it lacks config.json. ${EXPECTED}`);
  return highest;
}

function saved(file: string, type: string, text: string): Saved {
  return { file, type, bytes: new TextEncoder().encode(text), notices: [] };
}

function lastPart(path: string): string {
  return path.split("/").at(-1)!;
}
