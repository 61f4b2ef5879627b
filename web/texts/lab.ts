import { plainWords } from "../../src/evaluation/plain_words.ts";
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
  readonly self: string;
  readonly phase: Readonly<Record<"preparing" | "running" | "paused" | "finished" | "failed", string>>;
  readonly yourTurn: string;
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

const num = (value: number, locale: string) => value.toLocaleString(locale);

export const en: LabWords = {
  locale: "en",
  language: "English",
  title: "Pupil",
  tagline: "A small model picks what a larger one learns from.",
  skip: "Skip to the lab",
  tabs: { lab: "Lab", label: "You are the oracle", data: "Data and runs" },
  theme: { auto: "as the system", light: "light", dark: "dark" },
  themeLabel: "Colours",
  languageLabel: "Language",
  private: "Everything runs in this tab. Nothing leaves it.",
  computer: ({ name, backend, software }) =>
    backend === "wasm" ? `CPU (${name})` : software ? `${name}, a software adapter` : name,
  computerNote: ({ missing, backend, software }) => {
    if (missing === "no-webgpu") return "This browser has no WebGPU, so the CPU computes, in smaller sizes.";
    if (missing === "no-adapter") return "This browser offers no GPU, so the CPU computes, in smaller sizes.";
    if (missing === "slower") {
      return "This browser offers only a software adapter; WebAssembly is faster here and computes instead.";
    }
    return software && backend === "webgpu"
      ? "This is a software adapter: it computes on the CPU, in smaller sizes."
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
  self: "Add self-selection",
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
    if (what === "scoring") return `${arm}, round ${round}: the pool is scored, ${share}`;
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

const verdictsInRussian: Readonly<Record<string, string>> = {
  "better than self": "не хуже собственного выбора",
  "reusable": "пригоден повторно",
  "worse than random": "хуже случайного",
  "undefined: self-selection does not beat random": "не определено: собственный выбор не лучше случайного",
  "undefined: self-selection may not beat random": "не определено: собственный выбор, возможно, не лучше случайного",
  ", uncertain": ", неуверенно",
};

function wordsInRussian({ successor, selfSelection, rows }: ReuGroup): string {
  if (!selfSelection) return `Для ${successor} пока не с чем сравнивать.`;
  if (selfSelection.self_minus_random <= 0) {
    return `Собственный выбор помог ${successor} не больше случайного, так что сохранять нечего: REU здесь ничего не говорит.`;
  }
  const interval = selfSelection.self_minus_random_interval;
  if (interval && interval[0] <= 0) {
    return `Собственный выбор помог ${successor} больше случайного, но не больше, чем мог бы случай. Ответят другие зёрна.`;
  }
  const [row] = rows;
  if (!row || row.reu === null) return `${successor} узнал больше из собственного выбора, чем из случайного.`;
  const share = Math.max(0, Math.round(100 * (1 + row.reu)));
  const kept = row.reu <= -1
    ? `Выбор ${row.acquisition} помог не больше случайного.`
    : `Выбор ${row.acquisition} сохранил ${share}\u00a0% этого выигрыша.`;
  return `При том же числе меток ${successor} узнал больше из собственного выбора, чем из случайного. ${kept}` +
    (row.reu_interval === null ? " По одному зерну это может быть и случай." : "");
}

export const ru: LabWords = {
  locale: "ru",
  language: "Русский",
  title: "Pupil",
  tagline: "Малая модель выбирает, на чём учиться большой.",
  skip: "Перейти к лаборатории",
  tabs: { lab: "Лаборатория", label: "Оракул — вы", data: "Данные и запуски" },
  theme: { auto: "как в системе", light: "светлые", dark: "тёмные" },
  themeLabel: "Цвета",
  languageLabel: "Язык",
  private: "Всё считается в этой вкладке. Ничто её не покидает.",
  computer: ({ name, backend, software }) =>
    backend === "wasm" ? `процессор (${name})` : software ? `${name}, программный адаптер` : name,
  computerNote: ({ missing, backend, software }) => {
    if (missing === "no-webgpu") return "В этом браузере нет WebGPU: считает процессор, размеры меньше.";
    if (missing === "no-adapter") return "Браузер не даёт видеокарты: считает процессор, размеры меньше.";
    if (missing === "slower") {
      return "Браузер даёт только программный адаптер; WebAssembly здесь быстрее и считает вместо него.";
    }
    return software && backend === "webgpu" ? "Это программный адаптер: считает процессор, размеры меньше." : undefined;
  },
  computerHelp: [
    "WebGPU есть в Chrome и Edge с версии 113, в Firefox с версии 141 под Windows и в Safari 26.",
    "Chrome под Linux часто даёт лишь программный адаптер, пока не включены chrome://flags/#enable-vulkan и chrome://flags/#enable-unsafe-webgpu.",
    "Включено ли ускорение графики вообще, говорит chrome://gpu.",
  ],
  speed: (step, scored) =>
    [step && `${step} мс на шаг обучения`, scored && `${scored} мс на 1000 оценённых текстов`].filter(Boolean).join(
      ", ",
    ),
  starting: "Запускается …",
  failed: "Вычисления остановились",
  refused: "Так не получится",
  again: "Начать снова",
  offline: "Эта страница открывается и без сети.",
  newVersion: "Готова новая версия этой страницы.",
  reload: "Обновить",
  introTitle: "Что здесь видно",
  intro: [
    "Разметка стоит времени человека. Активное обучение спрашивает модель, какие примеры стоят этого времени: те, в которых она не уверена.",
    "Одна модель выбирает (модель-сборщик), выбранное размечают, другая модель на этом учится (модель-преемник). Серый двойник учится на случайных примерах: расстояние между кривыми — то, чего стоит выбор.",
    "Каждая точка пула — текст. Обведённые точки модель отдала бы на разметку следующими.",
  ],
  controls: "Настройки",
  data: "Данные",
  successor: "Преемник",
  successorHint: "модель, которая учится",
  acquisition: "Сборщик",
  acquisitionHint: "модель, которая выбирает",
  sameModel: (name) => `сам ${name}`,
  strategy: "Стратегия",
  strategies: {
    lc: "наименьшая уверенность",
    margin: "отступ",
    entropy: "энтропия",
    bald: "BALD (дропаут)",
  },
  seed: "Зерно",
  step: "Меток за раунд",
  run: "Пуск",
  pause: "Пауза",
  oneRound: "Один раунд",
  restart: "Сначала",
  self: "Добавить самоотбор",
  phase: {
    preparing: "Подготовка",
    running: "Идёт",
    paused: "Пауза",
    finished: "Закончено",
    failed: "Остановлено",
  },
  yourTurn: "Ваша очередь",
  activity: ({ round, what, model, done, of }, arm) => {
    const share = of > 0 ? `${Math.round(100 * done / of)}\u00a0%` : "";
    if (what === "training") return `${arm}, раунд ${round}: учится ${model}, ${share}`;
    if (what === "scoring") return `${arm}, раунд ${round}: оценивается пул, ${share}`;
    if (what === "evaluating") return `${arm}, раунд ${round}: проверяется преемник, ${share}`;
    return `${arm}, раунд ${round}`;
  },
  arm: (relation, acquisition) =>
    relation === "random" ? "случайный выбор" : relation === "self" ? "собственный выбор" : `выбор ${acquisition}`,
  curves: "Кривые обучения",
  pool: "Пул",
  picks: "Выбранное",
  picksOf: (round, strategy) => `Раунд ${round}, стратегия: ${strategy}`,
  noPicks: "Первый выбор появится, когда сборщик оценит пул.",
  round: "Раунд",
  earlierRound: "Раньше",
  laterRound: "Позже",
  roundOf: (round, of) => `Раунд ${round} из ${of}`,
  colourBy: "Цвет",
  measures: { entropy: "энтропия", margin: "отступ", leastConfidence: "недостаток уверенности" },
  measureHints: {
    entropy: "насколько размазаны вероятности, в натах; много — не уверена",
    margin: "вероятность лучшего класса минус вероятность второго; мало — не уверена",
    leastConfidence: "1 минус вероятность лучшего класса; много — не уверена",
  },
  acquisitionThinks: (name) => `${name}, выбирает`,
  successorThinks: (name) => `${name}, учится`,
  notAtHand: "для этого раунда неизвестно: обучение взято из прежнего запуска, от которого хранятся только оценки",
  onlyPicks: "спрашивают только о выбранных",
  gold: (label) => `верный класс: ${label}`,
  labelledAs: (label) => `размечен: ${label}`,
  close: "Закрыть",
  more: (rest) => `ещё ${num(rest, "ru")}`,
  moved: (same, of, from, to) => `${to}: совпадает ${same} из ${of} с тем, что выбирает ${from}.`,
  reu: "REU: пригоден ли выбор повторно?",
  reuNotYet:
    "Определено, когда у случайного, собственного и чужого выбора есть по две точки. Для этого добавьте самоотбор.",
  reuOfSelf:
    "Здесь преемник выбирает сам для себя. Выберите другую модель-сборщик, чтобы увидеть, пригоден ли её выбор.",
  reuValue: (value, interval) => interval === undefined ? `REU ${value}` : `REU ${value} (95 %: ${interval})`,
  verdict: (verdict) =>
    Object.entries(verdictsInRussian).reduce((text, [english, russian]) => text.replace(english, russian), verdict),
  reuWords: wordsInRussian,
  reuSeeds: (seeds, points) => `зёрен: ${seeds}, точек: ${points}${seeds === 1 ? "; интервал дадут другие зёрна" : ""}`,
  light: {
    "asm-random": "выбор − случайный",
    "self-random": "собственный − случайный",
    "asm-self": "выбор − собственный",
    none: "ничего",
  },
  lightLabel: "Подсветить",
  roundDone: (round, labelled, scores) => `Раунд ${round}: размечено ${labelled}. ${scores}`,
};
