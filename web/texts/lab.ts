import type { ReuGroup } from "../../src/evaluation/reu_row.ts";
import type { Relation } from "../../src/evaluation/curve.ts";
import type { Activity, Computer } from "../engine/api.ts";

/** The words of the page around the lab, and of the lab. */
export interface LabWords {
  readonly locale: string;
  /** Of this language, in itself. */
  readonly language: string;
  readonly title: string;
  readonly tagline: string;
  readonly skip: string;
  readonly tabs: Readonly<Record<"lab" | "label" | "data", string>>;
  readonly theme: Readonly<Record<"auto" | "light" | "dark", string>>;
  readonly themeLabel: string;
  readonly languageLabel: string;
  readonly private: string;
  readonly computer: (computer: Computer) => string;
  readonly computerNote: (computer: Computer) => string | undefined;
  readonly computerHelp: readonly string[];
  readonly speed: (step: string | undefined, scored: string | undefined) => string;
  readonly starting: string;
  readonly failed: string;
  readonly refused: string;
  readonly again: string;
  readonly offline: string;
  readonly newVersion: string;
  readonly reload: string;

  readonly intro: readonly string[];
  readonly introTitle: string;
  readonly controls: string;
  readonly data: string;
  readonly successor: string;
  readonly successorHint: string;
  readonly acquisition: string;
  readonly acquisitionHint: string;
  readonly sameModel: (name: string) => string;
  readonly strategy: string;
  readonly strategies: Readonly<Record<string, string>>;
  readonly seed: string;
  readonly step: string;
  readonly run: string;
  readonly pause: string;
  readonly oneRound: string;
  readonly restart: string;
  /** What is asked before what was recorded is thrown away. */
  readonly restartSure: string;
  readonly closeOtherTabs: string;
  readonly self: string;
  readonly phase: Readonly<Record<"preparing" | "running" | "paused" | "finished" | "failed", string>>;
  readonly yourTurn: string;
  /** While a run is opened with a model that is fetched the first time. */
  readonly opening: (model: string, megabytes: number) => string;
  readonly activity: (activity: Activity, arm: string) => string;
  readonly arm: (relation: Relation, acquisition: string) => string;
  readonly curves: string;
  readonly pool: string;
  readonly picks: string;
  readonly picksOf: (round: number, strategy: string) => string;
  readonly noPicks: string;
  readonly round: string;
  readonly earlierRound: string;
  readonly laterRound: string;
  readonly roundOf: (round: number, of: number) => string;
  readonly colourBy: string;
  readonly measures: Readonly<Record<"entropy" | "margin" | "leastConfidence", string>>;
  readonly measureHints: Readonly<Record<"entropy" | "margin" | "leastConfidence", string>>;
  readonly acquisitionThinks: (name: string) => string;
  readonly successorThinks: (name: string) => string;
  /** Where the weights of a training are not kept. */
  readonly notAtHand: string;
  readonly onlyPicks: string;
  readonly gold: (label: string) => string;
  readonly labelledAs: (label: string) => string;
  readonly close: string;
  readonly more: (rest: number) => string;
  readonly moved: (same: number, of: number, from: string, to: string) => string;
  readonly reu: string;
  readonly reuNotYet: string;
  /** Where the successor picks for itself. */
  readonly reuOfSelf: string;
  readonly reuValue: (value: string, interval: string | undefined) => string;
  readonly verdict: (verdict: string) => string;
  /** What the table found, for a reader who has never seen one. */
  readonly reuWords: (group: ReuGroup) => string;
  readonly reuSeeds: (seeds: number, points: number) => string;
  readonly light: Readonly<Record<"asm-random" | "self-random" | "asm-self" | "none", string>>;
  readonly lightLabel: string;
  readonly roundDone: (round: number, labelled: number, scores: string) => string;
}
