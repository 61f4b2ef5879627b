import type { OwnData } from "../../../web/data/own_data.ts";
import type { Computer, LabState, Settings } from "../../../web/engine/api.ts";
import { labPlan, type Opening } from "../../../web/engine/lab_plan.ts";
import { LabSession } from "../../../web/engine/lab_session.ts";
import { jsonLines, restlessClock, topicRows } from "../../experiment/stub_plan.ts";
import { projectFiles } from "../../fixtures/project_files.ts";
import { MemoryFiles } from "../../host/memory_files.ts";

/** Bags of words, since a software adapter compiles their few shaders in seconds. */
export const settings: Settings = {
  data: "topics",
  successor: "bag-64",
  acquisition: "bag-64",
  strategy: "entropy",
  seed: 3,
  step: 10,
  oracle: "gold",
};

const ownData = jsonLines(topicRows("train", 300));

/** What is known of the topics as data of the person's own. */
export function summaryOf(rows: number, labelled: number): OwnData {
  return {
    name: "topics",
    title: "Topics",
    rows,
    labelled,
    classes: ["bills", "news", "spam"].map((name) => ({ name, count: Math.floor(labelled / 3) })),
    longest: 90,
    added: "2026-01-02T03:04:05.000Z",
  };
}

/** A page's files with one data set. */
export function newRoot(): MemoryFiles {
  return MemoryFiles.of({ "data/topics.jsonl": ownData, "data/topics.json": JSON.stringify(summaryOf(300, 300)) });
}

export function planOf(root: MemoryFiles, computer: Computer, changes: Partial<Settings> = {}): Promise<Opening> {
  return labPlan({ ...settings, ...changes }, "small", computer, { root, assets: projectFiles });
}

export interface Opened {
  readonly session: LabSession;
  /** Resolves with the first state that is as wanted. */
  until(wanted: (state: LabState) => boolean): Promise<LabState>;
}

/** Opens a session, which the test has to close. */
export async function openLab(
  root: MemoryFiles,
  computer: Computer,
  changes: Partial<Settings> = {},
  start = true,
): Promise<Opened> {
  const watchers = new Set<(state: LabState) => void>();
  const tell = (state: LabState) => watchers.forEach((watcher) => watcher(state));
  const claim = () => Promise.resolve({ [Symbol.dispose]: () => {} });
  const services = { root, assets: projectFiles, clock: restlessClock(), computer, versions: {}, claim, tell };
  const opening = await planOf(root, computer, changes);
  const session = await LabSession.open({ ...settings, ...changes }, opening, start, services);
  return {
    session,
    until: (wanted) =>
      new Promise((resolve, reject) => {
        const watcher = (state: LabState) => {
          if (state.error !== undefined) reject(new Error(state.error));
          if (!wanted(state)) return;
          watchers.delete(watcher);
          resolve(state);
        };
        watchers.add(watcher);
        watcher(session.state);
      }),
  };
}

/** How many points each curve has. */
export function points(state: LabState): number[] {
  return state.arms.map(({ scores }) => scores.length);
}
