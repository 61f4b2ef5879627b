import type { Choices, Settings } from "../engine/api.ts";

/** What a link reproduces. */
export interface Place {
  readonly settings: Settings;
  /** A run directory that is kept, in place of what the settings stand for. */
  readonly run?: string;
  /** The round that is looked at; the latest one where it is absent. */
  readonly round?: number;
  readonly tab: Tab;
  readonly wish: "automatic" | "webgpu" | "wasm";
}

export const TABS = ["lab", "label", "data"] as const;
export type Tab = (typeof TABS)[number];
const WISHES = ["automatic", "webgpu", "wasm"] as const;

export const usualSettings: Settings = {
  data: "mail",
  successor: "encoder-64",
  acquisition: "encoder-32",
  strategy: "entropy",
  seed: 0,
  step: 20,
  oracle: "gold",
};

/** Labels of a round that a person gives. */
const STEP_OF_A_PERSON = 5;

/** The same place in another tab. A person who labels has a run of their own, in smaller steps. */
export function inTab({ round: _, ...place }: Place, tab: Tab): Place {
  if (tab === "data" || (tab === "label") === (place.settings.oracle === "person")) return { ...place, tab };
  const { run: __, ...others } = place;
  const own = tab === "label"
    ? { oracle: "person", step: STEP_OF_A_PERSON } as const
    : { oracle: "gold", step: usualSettings.step } as const;
  return { ...others, tab, settings: { ...place.settings, ...own } };
}

/** The same place where something that was kept is gone: what can be chosen no more is as usual. `left`: the runs that are left. */
export function amongThose(
  { run, settings, ...place }: Place,
  left: readonly string[],
  { data, models }: Choices,
): Place {
  const { data: usualData, successor, acquisition } = usualSettings;
  const isThere = (name: string) => models.some((model) => model.name === name);
  return {
    ...place,
    ...(run !== undefined && left.includes(run) ? { run } : {}),
    settings: {
      ...settings,
      data: data.some(({ name }) => name === settings.data) ? settings.data : usualData,
      successor: isThere(settings.successor) ? settings.successor : successor,
      acquisition: isThere(settings.acquisition) ? settings.acquisition : acquisition,
    },
  };
}

/** What of a place the engine opens. */
export function openedBy({ settings, run }: Place): string {
  return JSON.stringify([settings, run]);
}

/** Where the lab of these settings is shown. */
export function tabOf({ oracle }: Settings): Tab {
  return oracle === "person" ? "label" : "lab";
}

/** Reads an address's fragment, `#data=mail&seed=1`. What it lacks, or has wrong, is as usual: names are checked where they are used. */
export function readPlace(fragment: string): Place {
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  const name = (key: keyof Settings) => given.get(key) || String(usualSettings[key]);
  const whole = (key: string, least: number) => {
    const value = Number(given.get(key) ?? "");
    return given.has(key) && Number.isInteger(value) && value >= least ? value : undefined;
  };
  const round = whole("round", 1);
  const tab = TABS.find((each) => each === given.get("tab")) ?? "lab";
  return {
    settings: {
      data: name("data"),
      successor: name("successor"),
      acquisition: name("acquisition"),
      strategy: name("strategy"),
      seed: whole("seed", 0) ?? usualSettings.seed,
      step: whole("step", 1) ?? (tab === "label" ? STEP_OF_A_PERSON : usualSettings.step),
      oracle: given.get("oracle") === "person" || tab === "label" ? "person" : "gold",
    },
    ...(round === undefined ? {} : { round }),
    ...(given.get("run") ? { run: given.get("run")! } : {}),
    tab,
    wish: WISHES.find((wish) => wish === given.get("computer")) ?? "automatic",
  };
}

/** The fragment of a place. What is as usual is left out, but for the settings: a link must mean the same later. */
export function writePlace({ settings, run, round, tab, wish }: Place): string {
  const entries: [string, string][] = Object.entries(settings).map(([key, value]) => [key, String(value)]);
  if (run !== undefined) entries.push(["run", run]);
  if (round !== undefined) entries.push(["round", String(round)]);
  if (tab !== "lab") entries.push(["tab", tab]);
  if (wish !== "automatic") entries.push(["computer", wish]);
  return `#${new URLSearchParams(entries)}`;
}
