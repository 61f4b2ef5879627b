import { plainWords } from "../../src/evaluation/plain_words.ts";
import type { ChartWords, Measure } from "./charts.ts";
import type { HubWords } from "./hub.ts";
import type { KeptWords } from "./kept.ts";
import type { LabWords } from "./lab.ts";
import type { LabelWords } from "./label.ts";
import { apart, listed, num, size, span } from "./phrases.ts";
import type { Texts } from "./texts.ts";

function count(value: number, one: string, many: string): string {
  return `${value.toLocaleString("en")} ${value === 1 ? one : many}`;
}

const metrics: Readonly<Record<string, string>> = {
  accuracy: "accuracy",
  macro_f1: "macro F1",
  micro_f1: "micro F1",
};

const measures: Readonly<Record<Measure, string>> = {
  entropy: "entropy (nats)",
  margin: "margin",
  leastConfidence: "least confidence",
};

const charts: ChartWords = {
  curves: {
    locale: "en",
    xLabel: "labelled examples",
    metric: (name) => metrics[name] ?? name.replaceAll("_", " "),
    gist: ({ metric, planned, last, leader }) =>
      [
        `Learning curves: ${metric} by labelled examples, up to ${planned.toLocaleString("en")}.`,
        last.length === 0
          ? "No point yet."
          : `Last points: ${listed(last.map((each) => `${each.name} ${each.score} at ${each.labelled}`), "and")}.`,
        leader ? `${leader.name} leads by ${leader.by} at ${leader.labelled}.` : "",
      ].filter(Boolean).join(" "),
    empty: "The first points appear when the first model has trained.",
    keys: "Left and right arrows go along a curve, up and down go to another curve.",
    plot: "learning curves",
    point: (name, labelled, score) => `${name}, ${labelled.toLocaleString("en")} labelled: ${score}`,
    labelled: (value) => `${value.toLocaleString("en")} labelled`,
    notYet: "not yet",
    table: "Show as table",
    tableCaption: (metric) => `${metric}, by labelled examples`,
    tableCount: "labelled",
    otherSeed: (name, seed) => `${name}, seed ${seed}`,
    band: "Thin lines are other seeds; the band spans them all.",
    litArea: (upper, lower) => `Filled: ${upper} is above ${lower}. Striped: it is below.`,
  },
  scatter: {
    locale: "en",
    measure: measures,
    summary: ({ round, points, labelled, picks, strategy, measure, mean }) =>
      `The pool before the picks of round ${round}: ${count(points, "example", "examples")}, ${labelled} labelled, ` +
      `${count(picks, "pick", "picks")} by ${strategy}. Mean ${measures[measure]} of the unlabelled: ${mean}.`,
    empty: "The pool appears when a model has scored it.",
    plot: "map of the pool",
    keys:
      "Arrow keys go to the nearest example in that direction, P and Shift+P go through the picks, Enter opens one, " +
      "plus and minus zoom, 0 shows all.",
    sure: "sure",
    unsure: "unsure",
    labelled: "labelled",
    picked: (strategy) => `picked by ${strategy}`,
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    fit: "Show all",
    point: ({ id, measure, value, labelled, pick, picks }) =>
      [
        `Example ${id}`,
        `${measures[measure]} ${value}`,
        pick === undefined ? "" : `pick ${pick} of ${picks}`,
        labelled ? "labelled" : "",
      ].filter(Boolean).join(", ") + ".",
    state: ({ labelled, pick, picks }) => pick !== undefined ? `pick ${pick} of ${picks}` : labelled ? "labelled" : "",
    table: "Show as table",
    tableCaption: (measure) => `The pool by ${measures[measure]}, in quarters`,
    tableQuarter: "quarter",
    quarters: ["least sure", "rather unsure", "rather sure", "surest"],
    tableRange: "from … to",
    tablePoints: "examples",
    tableLabelled: "labelled",
    tablePicks: "picks",
  },
};

const lab: LabWords = {
  locale: "en",
  language: "English",
  title: "Pupil",
  tagline: "A small model picks what a larger one learns from.",
  skip: "Skip to the content",
  tabs: { lab: "Lab", label: "You are the oracle", data: "Data and runs" },
  theme: { auto: "same as the system", light: "light", dark: "dark" },
  themeLabel: "Colours",
  languageLabel: "Language",
  private: "Everything runs in this tab. Texts, labels and models never leave it.",
  computer: ({ name, backend, software }) =>
    backend === "wasm" ? `CPU (${name})` : software ? `${name}, a software adapter` : name,
  computerNote: ({ missing, backend, software }) => {
    if (missing === "no-webgpu") return "This browser has no WebGPU, so the CPU computes, on fewer texts.";
    if (missing === "no-adapter") return "This browser offers no GPU, so the CPU computes, on fewer texts.";
    if (missing === "slower") {
      return "This browser offers only a software adapter; WebAssembly is faster here and computes instead.";
    }
    return software && backend === "webgpu"
      ? "This is a software adapter: it computes on the CPU, on fewer texts."
      : undefined;
  },
  computerHelp: [
    "Chrome and Edge 113 or later, Firefox 141 or later on Windows, and Safari 26 have WebGPU.",
    "Chrome on Linux often offers only a software adapter until chrome://flags/#enable-vulkan and chrome://flags/#enable-unsafe-webgpu are on.",
    "chrome://gpu says whether graphics acceleration is on at all.",
  ],
  speed: (step, scored) =>
    [step && `${step} ms a training step`, scored && `${scored} ms for 1,000 scored texts`].filter(Boolean).join(", "),
  starting: "Starting the engine …",
  failed: "The engine stopped",
  refused: "This cannot be done",
  again: "Start again",
  offline: "This page also opens without a network.",
  newVersion: "A newer version of this page is ready.",
  reload: "Reload",
  introTitle: "What you see",
  intro: [
    "Labelling costs a person's time. Active learning asks a model which examples are worth it: those that it is unsure about.",
    "Here one model picks (the acquisition model), its picks are labelled, and another model learns from them (the successor). The grey twin learns from random picks: the distance between the two curves is what picking is worth.",
    "Each dot of the pool is a text. Ringed dots are what the model would have labelled next.",
  ],
  controls: "Settings",
  data: "Data",
  successor: "Successor",
  successorHint: "the model that learns",
  acquisition: "Acquisition model",
  acquisitionHint: "the model that picks",
  sameModel: (name) => `${name} itself`,
  strategy: "Strategy",
  strategies: {
    lc: "least confidence",
    margin: "margin",
    entropy: "entropy",
    bald: "BALD (dropout)",
  },
  seed: "Seed",
  step: "Labels a round",
  run: "Run",
  pause: "Pause",
  oneRound: "One round",
  restart: "Restart",
  restartSure: "Begin again? What was recorded of this run is removed.",
  closeOtherTabs: "Close the other tabs of this page first.",
  self: "Add self-selection",
  opening: (model, megabytes) =>
    `Preparing ${model} … The first time, ${megabytes} MB are fetched from where this page is`,
  phase: {
    preparing: "Preparing",
    running: "Running",
    paused: "Paused",
    finished: "Finished",
    failed: "Stopped",
  },
  yourTurn: "It is your turn",
  activity: ({ round, what, model, done, of }, arm) => {
    const share = of > 0 ? `${Math.round(100 * done / of)}\u00a0%` : "";
    if (what === "training") return `${arm}, round ${round}: ${model} trains, ${share}`;
    if (what === "scoring") return `${arm}, round ${round}: the pool is looked through, ${share}`;
    if (what === "evaluating") return `${arm}, round ${round}: the successor is evaluated, ${share}`;
    return `${arm}, round ${round}`;
  },
  arm: (relation, acquisition) =>
    relation === "random" ? "random picks" : relation === "self" ? "its own picks" : `picks of ${acquisition}`,
  curves: "Learning curves",
  pool: "The pool",
  picks: "Picks",
  picksOf: (round, strategy) => `Round ${round}, by ${strategy}`,
  noPicks: "The first picks come when the acquisition model has scored the pool.",
  round: "Round",
  earlierRound: "Earlier round",
  laterRound: "Later round",
  roundOf: (round, of) => `Round ${round} of ${of}`,
  colourBy: "Colour by",
  measures: { entropy: "entropy", margin: "margin", leastConfidence: "least confidence" },
  measureHints: {
    entropy: "how spread out the probabilities are, in nats; high is unsure",
    margin: "the best class's probability minus the runner-up's; low is unsure",
    leastConfidence: "1 minus the best class's probability; high is unsure",
  },
  acquisitionThinks: (name) => `${name}, which picks`,
  successorThinks: (name) => `${name}, which learns`,
  notAtHand: "not known for this round: its training was taken from an earlier run, of which only the scores are kept",
  onlyPicks: "asked about picks only",
  gold: (label) => `true class: ${label}`,
  labelledAs: (label) => `labelled: ${label}`,
  close: "Close",
  more: (rest) => `${num(rest, "en")} more`,
  moved: (same, of, from, to) => `${to} would pick ${same} of the same ${of} as ${from}.`,
  reu: "REU: are the picks reusable?",
  reuNotYet:
    "Defined once random picks, the successor's own picks and another model's picks have two points each. Add self-selection for it.",
  reuOfSelf:
    "Here the successor picks for itself. Choose another acquisition model to see whether that one's picks would have served as well.",
  reuValue: (value, interval) => interval === undefined ? `REU ${value}` : `REU ${value} (95 %: ${interval})`,
  verdict: (verdict) => verdict,
  reuWords: plainWords,
  reuSeeds: (seeds, points) =>
    `${seeds === 1 ? "one seed" : `${seeds} seeds`}, ${points} points so far${
      seeds === 1 ? "; other seeds would give it an interval" : ""
    }`,
  light: {
    "asm-random": "picks − random",
    "self-random": "own − random",
    "asm-self": "picks − own",
    none: "nothing",
  },
  lightLabel: "Light up",
  roundDone: (round, labelled, scores) => `Round ${round}: ${labelled} labelled. ${scores}`,
};

const label: LabelWords = {
  title: "You are the oracle",
  intro:
    "The acquisition model picks texts; you say what they are. After each batch the models learn from your labels, and your curve gets a point. The twin learns from random texts of the same pool.",
  panel: "Labelling",
  keys:
    "Keys while this panel has the focus: a number labels, 0 is can't tell, S skips, U undoes, Enter learns from the batch.",
  batch: (round, done, of) =>
    `${
      round < 0 ? "Test texts, picked at random" : round === 0 ? "Warm start, random texts" : `Round ${round}`
    }: ${done} of ${of}`,
  answered: (label) => `answered: ${label}`,
  cannotTell: "Can't tell",
  skip: "Skip for now",
  undo: "Undo",
  learn: "Learn from these",
  ready: "Every text of this batch has an answer.",
  wait: "The models learn from your labels; the next texts come in a moment.",
  finished: "All rounds of this run are done.",
  agreement: (same, of) =>
    `${same} of ${of} of your labels are those of the data set (${Math.round(100 * same / of)}\u00a0%).`,
  agreementTitle: "Agreement",
  total: (labelled) => `${labelled.toLocaleString("en")} labelled by you`,
  twin: "random twin",
  noTwin: "These texts have no labels of their own, so nobody can label for a random twin.",
  curves: "Your curve",
  you: "you",
  settings: "Settings",
  asked: (place, of) => `Text ${place} of ${of}`,
};

const hub: HubWords = {
  title: "From the Hugging Face hub",
  intro:
    "Asks huggingface.co for the model of this name, and tells it nothing else. Texts, labels and what is trained never leave this tab.",
  name: "Model on the hub",
  revision: "Revision",
  fetch: "Fetch",
  asking: (name) => `Asking for ${apart(name)} …`,
  fetching: (name) => `Fetching ${apart(name)}`,
  progress: (bytes, total, left) => `${bytes} of ${total}${left === undefined ? "" : `, ${span(left, "en")} left`}`,
  cancelled: (name) => `Stopped. What has come of ${apart(name)} is kept: the next fetch goes on from there.`,
  unfinished: "not whole yet",
};

const kept: KeptWords = {
  locale: "en",
  data: "Your texts",
  dataIntro:
    "CSV, TSV or JSON Lines, with a column of texts; one of labels if there are any. They stay in this browser.",
  choose: "Choose a file",
  drop: "or drop one here",
  paste: "Or paste texts, one a line, or cells from a spreadsheet",
  pasteButton: "Look at the pasted text",
  pasted: "Pasted texts",
  preview: (file, rows) => `${apart(file)}: ${rows.toLocaleString("en")} ${rows === 1 ? "row" : "rows"}`,
  text: "Column of texts",
  label: "Column of labels",
  id: "Column of ids",
  noColumn: "none",
  columnsShown: (shown, all) => `${shown} of ${all.toLocaleString("en")} columns are shown.`,
  classes: "Classes, separated by commas",
  classesHint: "List above the classes a text can belong to; that is needed where there is no column of labels.",
  classCounts: "Classes:",
  moreClasses: (more) => `, and ${more.toLocaleString("en")} more`,
  unlabelled: (rows) =>
    `${rows.toLocaleString("en")} ${rows === 1 ? "row has" : "rows have"} no label: you can label them.`,
  title: "Name",
  keep: "Keep",
  cancel: "Cancel",
  dataRow: (rows, labelled) => `${rows.toLocaleString("en")} texts, ${labelled.toLocaleString("en")} labelled`,
  openLab: "Watch in the lab",
  openLabel: "Label",
  remove: "Remove",
  removeNamed: (name) => `Remove ${name}`,
  removeSure: (name) => `Remove ${apart(name)} from this browser for good?`,
  model: "Your models",
  modelIntro:
    "A folder in Hugging Face layout: config.json, model.safetensors, tokenizer.json. BERT, DistilBERT, ELECTRA, RoBERTa or GPT-2.",
  modelFolder: "Choose a folder",
  modelKept: (name) => `${name} can be chosen as successor and as acquisition model.`,
  hub,
  runs: "Runs",
  runsIntro: "Every run is a directory in the format of the command line, kept in this browser.",
  noRuns: "There is no run yet.",
  name: "Run",
  of: "Data",
  progress: "Points",
  size: "Size",
  actions: "Save or open",
  points: (points, planned) => `${points} of ${planned}`,
  bytes: (bytes) => size(bytes, "en", ["kB", "MB", "GB"]),
  open: "Open",
  zip: "Whole run (zip)",
  labels: "Labels (JSONL)",
  csv: "Curves (CSV)",
  svg: "Curves (SVG)",
  png: "Curves (PNG)",
  importZip: "Bring in a run (zip)",
  importFolder: "Bring in a run (folder)",
  imported: (name, known) => known ? `${apart(name)} was here already.` : `${apart(name)} has been brought in.`,
  continueTitle: "Acquire here, succeed there",
  continueHow: [
    {
      before:
        "Save the whole run and unpack it on a GPU server. What was labelled here trains a larger model there, which is then evaluated: ",
      command: "pupil run succeed.yaml",
      after: ".",
    },
    {
      before: "To go on with the run as it is, ",
      command: "pupil run config.yaml --out .",
      after:
        " Only the GPU or CPU that began a run repeats its trainings exactly; on another the run may have to start over.",
    },
  ],
  storage: "Storage",
  used: (used, allowed) => `${used} used of ${allowed} that the browser allows.`,
  kept: (kept) => kept ? "The browser keeps it until you clear it." : "The browser may clear it when the disk is full.",
  askKeep: "Ask the browser to keep it",
  notKept:
    "The browser does not promise it now. Many do once a page is bookmarked or installed. Save runs that you want to keep.",
  clear: "Clear everything",
  clearSure: "Remove all runs, labels, data and models from this browser for good?",
  working: "Working …",
};

/** The page in English. */
export const en: Texts = { charts, lab, label, kept };
