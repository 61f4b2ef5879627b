import type { Relation } from "../../src/evaluation/curve.ts";
import type { DroppedFile } from "../data/dropped_entries.ts";
import type { ColumnChoice } from "../data/guess_columns.ts";
import type { ImportedRun } from "../data/import_run.ts";
import type { OwnData, OwnDataChoice } from "../data/own_data.ts";
import type { Preview } from "../data/preview.ts";
import type { ReuGroup } from "../../src/evaluation/reu_row.ts";

/** What a person chooses in the lab, and what a link reproduces. */
export interface Settings {
  /** A data set: "mail", or one of the person's own. */
  readonly data: string;
  readonly successor: string;
  /** Equal to the successor: self-selection. */
  readonly acquisition: string;
  readonly strategy: string;
  readonly seed: number;
  /** Examples that a round acquires. */
  readonly step: number;
  /** Who labels: the data set's own labels, or the person at the page. */
  readonly oracle: "gold" | "person";
}

/** What computes, and how fast it is. */
export interface Computer {
  /** The adapter's name; of wasm, what it is. */
  readonly name: string;
  readonly backend: "webgpu" | "wasm";
  /** Computes on the CPU. */
  readonly software: boolean;
  /** Why there is no WebGPU, where there is none. */
  readonly missing?: "no-webgpu" | "no-adapter" | "slower";
}

/** As measured here; undefined until it was. */
export interface Speed {
  readonly millisecondsPerStep?: number;
  readonly millisecondsPer1000Scored?: number;
}

/** One experiment of the lab's group on the chosen seed. */
export interface ArmState {
  /** "random", "self", "asm-NAME". */
  readonly experiment: string;
  readonly relation: Relation;
  readonly acquisition: string;
  /** The metric, by round. */
  readonly scores: readonly number[];
  /** The same of seeds that were run before, whole or in part. */
  readonly otherSeeds: readonly { readonly seed: number; readonly scores: readonly number[] }[];
}

/** What the engine is at. */
export interface Activity {
  readonly experiment: string;
  readonly round: number;
  readonly what: "training" | "scoring" | "evaluating" | "looking" | "labelling";
  readonly model?: string;
  readonly done: number;
  readonly of: number;
}

/** A batch that a person is asked to label. */
export interface Asked {
  /** -1: to measure curves with, before there is a first round. */
  readonly round: number;
  readonly classes: readonly string[];
  readonly examples: readonly AskedExample[];
  /** Answers of the whole run that can be compared with gold labels, and how many agree. */
  readonly agreement: { readonly same: number; readonly of: number };
}

export interface AskedExample {
  readonly id: string;
  readonly text: string;
  /** What was answered; null: cannot tell. Absent: not yet. */
  readonly answer?: string | null;
}

/** All that the lab shows but for a round's view, which is large. */
export interface LabState {
  readonly phase: "preparing" | "running" | "paused" | "finished" | "failed";
  readonly settings: Settings;
  readonly computer: Computer;
  readonly speed: Speed;
  readonly metric: string;
  /** Labelled examples at each point of the curves, planned ones too. */
  readonly counts: readonly number[];
  readonly arms: readonly ArmState[];
  /** Rounds whose view is there. */
  readonly views: readonly number[];
  readonly activity?: Activity;
  /** How many labels the main run has; declined ones are none. */
  readonly labelled: number;
  /** While a person is waited for. */
  readonly asked?: Asked;
  readonly reu?: ReuGroup;
  readonly notices: readonly string[];
  /** Why it failed, for a person. */
  readonly error?: string;
  /** The run directory, below `runs/`. */
  readonly folder: string;
  /** Whether self-selection could go along, and does not. */
  readonly canAddSelf: boolean;
}

/**
 * The pool as the acquisition model of a round saw it, before that round's picks. All arrays have one entry an example; typed arrays
 * so that ten thousand cross to the page cheaply.
 */
export interface RoundView {
  /** Of the picks, from 1. */
  readonly round: number;
  readonly ids: readonly string[];
  /** First two principal components of the sentence vectors, scaled to [-1, 1]. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** In nats. */
  readonly entropy: Float32Array;
  readonly margin: Float32Array;
  readonly leastConfidence: Float32Array;
  /** 1 where the example was labelled by then. */
  readonly labelled: Uint8Array;
  /** What each strategy picks or would pick, as indices, the best first. The run's own strategy is among them. */
  readonly picks: Readonly<Record<string, readonly number[]>>;
}

/** What there is to know of one example in a round. */
export interface ExampleView {
  readonly id: string;
  readonly text: string;
  /** Where it is known: of a data set with labels, or given by the person. */
  readonly label?: string;
  readonly gold?: string;
  readonly classes: readonly string[];
  /** By class; undefined where that model is not at hand. */
  readonly acquisition?: readonly number[];
  readonly successor?: readonly number[];
  readonly entropy: number;
  readonly margin: number;
  readonly leastConfidence: number;
}

/** What a person may choose among. */
export interface Choices {
  /** Data sets: the embedded ones, then the person's own. */
  readonly data: readonly { readonly name: string; readonly title?: string; readonly own: boolean }[];
  /** Models that are here, and those that are fetched once they are chosen: so many megabytes. */
  readonly models: readonly { readonly name: string; readonly distilledFrom?: string; readonly megabytes?: number }[];
  readonly strategies: readonly string[];
}

/** The engine, as the page calls it across the Worker's boundary. A rejected promise's message is for a person. */
export interface Engine {
  /** Opens what computes; every other call comes after it. */
  start(wish: "automatic" | "webgpu" | "wasm", watch: (state: LabState) => void): Promise<Computer>;
  choices(): Promise<Choices>;
  /** Ends what is going on, and begins or continues what these settings stand for. */
  open(settings: Settings, going: boolean): Promise<void>;
  /** The same with a run directory that is kept; gives the settings that come nearest to it. */
  openKept(folder: string, seed: number, going: boolean): Promise<Settings>;
  /** What is kept here. */
  library(): Promise<Library>;
  run(): Promise<void>;
  pause(): Promise<void>;
  /** Goes on until each curve has one point more. */
  oneRound(): Promise<void>;
  /** From the warm start again. */
  restart(): Promise<void>;
  /** Self-selection goes along from now on. */
  withSelf(): Promise<void>;
  view(round: number): Promise<RoundView | undefined>;
  example(id: string, round: number): Promise<ExampleView | undefined>;
  /** Answers for an example of the batch that is asked for; null: cannot tell. A second answer corrects the first. */
  answer(id: string, label: string | null): Promise<void>;
  /** The batch is done: the models learn from it. */
  finishBatch(): Promise<void>;
  /** Ends what is going on; what is kept is whole. */
  close(): Promise<void>;
  /** The beginnings of texts, one line each, by id. */
  excerpts(ids: readonly string[]): Promise<readonly (readonly [id: string, text: string])[]>;
}

/** A run directory that is kept in this browser. */
export interface KeptRun {
  /** Below `runs/`. */
  readonly folder: string;
  readonly name: string;
  readonly data: string;
  /** Experiments that have begun, and how far all are: points of their curves, of those that are planned. */
  readonly points: number;
  readonly planned: number;
  readonly bytes: number;
  /** Why it cannot be read, where it cannot. */
  readonly broken?: string;
}

/** A model of the person's own that is kept in this browser. */
export interface OwnModel {
  /** As settings call it. */
  readonly name: string;
  readonly bytes: number;
}

/** A repository of the hub, as far as it is in this browser. */
export interface HubModel {
  readonly name: string;
  readonly bytes: number;
  /** Its revisions that are whole, as settings call them. */
  readonly choices: readonly string[];
  /** Those of which something is lacking. */
  readonly unfinished: readonly string[];
}

/** What the page keeps, in bytes. */
export interface Storage {
  readonly used: number;
  readonly allowed: number;
  /** Whether the browser promises to keep it. */
  readonly kept: boolean;
}

/** A file for the person to save. */
export interface Saved {
  readonly file: string;
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What is not in it, and why. */
  readonly notices: readonly string[];
}

/** A table that a person gave: a file, or a text that was pasted. */
export type GivenTable = { readonly file: File } | { readonly pasted: string };

/** Data sets, models and runs that are kept in this browser. A rejected promise's message is for a person. */
export interface Library {
  /** Reads a table, and says what it holds under these columns, or under the likeliest. */
  preview(table: GivenTable, columns?: ColumnChoice): Promise<Preview>;
  keepData(table: GivenTable, choice: OwnDataChoice): Promise<OwnData>;
  data(): Promise<readonly OwnData[]>;
  removeData(name: string): Promise<void>;
  models(): Promise<readonly OwnModel[]>;
  /** Keeps a model in Hugging Face layout; gives the name by which settings call it. */
  keepModel(files: readonly DroppedFile[]): Promise<string>;
  removeModel(name: string): Promise<void>;
  /** Models of the hub that were fetched. */
  hubModels(): Promise<readonly HubModel[]>;
  /** Looks at the configuration of one that is being fetched; rejects one of a kind that is not known here. */
  checkHubModel(name: string, revision: string): Promise<void>;
  removeHubModel(name: string): Promise<void>;
  runs(): Promise<readonly KeptRun[]>;
  removeRun(folder: string): Promise<void>;
  importRun(files: readonly DroppedFile[]): Promise<ImportedRun>;
  exportRun(folder: string): Promise<Saved>;
  exportLabels(folder: string): Promise<Saved>;
  exportCurves(folder: string, format: "csv" | "svg"): Promise<Saved>;
  storage(): Promise<Storage>;
  /** Removes everything that the page keeps. */
  clear(): Promise<void>;
}
