import type { ReuGroup } from "../../src/evaluation/reu_row.ts";
import type { ChartWords, Measure } from "./charts.ts";
import type { HubWords } from "./hub.ts";
import type { KeptWords } from "./kept.ts";
import type { LabWords } from "./lab.ts";
import type { LabelWords } from "./label.ts";
import { apart, listed, num, size, span } from "./phrases.ts";
import type { Texts } from "./texts.ts";

const rules = new Intl.PluralRules("ru");

function count(value: number, one: string, few: string, many: string): string {
  const form = rules.select(value);
  return `${value.toLocaleString("ru")} ${form === "one" ? one : form === "few" ? few : many}`;
}

const metrics: Readonly<Record<string, string>> = {
  accuracy: "точность",
  macro_f1: "макро-F1",
  micro_f1: "микро-F1",
};

const measures: Readonly<Record<Measure, string>> = {
  entropy: "энтропия (наты)",
  margin: "отступ",
  leastConfidence: "недостаток уверенности",
};

const verdicts: Readonly<Record<string, string>> = {
  "better than self": "не хуже собственного выбора",
  "reusable": "годится и для другой модели",
  "worse than random": "хуже случайного",
  "undefined: self-selection does not beat random": "не определено: собственный выбор не лучше случайного",
  "undefined: self-selection may not beat random": "не определено: собственный выбор, возможно, не лучше случайного",
  ", uncertain": ", но это не наверняка",
};

function readReu({ successor, selfSelection, rows }: ReuGroup): string {
  if (!selfSelection) return `Для ${successor} пока не с чем сравнивать.`;
  if (selfSelection.self_minus_random <= 0) {
    return `Собственный выбор помог ${successor} не больше случайного, так что сохранять нечего: REU здесь ничего не говорит.`;
  }
  const interval = selfSelection.self_minus_random_interval;
  if (interval && interval[0] <= 0) {
    return `Собственный выбор помог ${successor} больше случайного, но разница может быть случайной. Нужны другие зёрна.`;
  }
  const [row] = rows;
  if (!row || row.reu === null) return `${successor} узнал больше из собственного выбора, чем из случайного.`;
  const share = Math.max(0, Math.round(100 * (1 + row.reu)));
  const kept = row.reu <= -1
    ? `Выбор ${row.acquisition} помог не больше случайного.`
    : `Выбор ${row.acquisition} сохранил ${share}\u00a0% этого выигрыша.`;
  return `При том же числе меток ${successor} узнал больше из собственного выбора, чем из случайного. ${kept}` +
    (row.reu_interval === null ? " По одному зерну судить рано: это может быть случайность." : "");
}

const charts: ChartWords = {
  curves: {
    locale: "ru",
    xLabel: "размеченные примеры",
    metric: (name) => metrics[name] ?? name.replaceAll("_", " "),
    gist: ({ metric, planned, last, leader }) =>
      [
        `Кривые обучения: ${metric} по числу размеченных примеров, до ${planned.toLocaleString("ru")}.`,
        last.length === 0
          ? "Точек пока нет."
          : `Последние точки: ${listed(last.map((each) => `${each.name} ${each.score} при ${each.labelled}`), "и")}.`,
        leader ? `Впереди ${leader.name}, на ${leader.by} при ${leader.labelled}.` : "",
      ].filter(Boolean).join(" "),
    empty: "Первые точки появятся, когда обучится первая модель.",
    keys: "Стрелки влево и вправо ведут по кривой, вверх и вниз — на другую кривую.",
    plot: "кривые обучения",
    point: (name, labelled, score) => `${name}, размечено ${labelled.toLocaleString("ru")}: ${score}`,
    labelled: (value) => `размечено ${value.toLocaleString("ru")}`,
    notYet: "ещё нет",
    table: "Показать таблицей",
    tableCaption: (metric) => `${metric} по числу размеченных примеров`,
    tableCount: "размечено",
    otherSeed: (name, seed) => `${name}, зерно ${seed}`,
    band: "Тонкие линии — другие зёрна, полоса охватывает их все.",
    litArea: (upper, lower) => `Закрашено: ${upper} выше, чем ${lower}. Заштриховано: ниже.`,
  },
  scatter: {
    locale: "ru",
    measure: measures,
    summary: ({ round, points, labelled, picks, strategy, measure, mean }) =>
      `Пул перед выбором в раунде ${round}: ${count(points, "пример", "примера", "примеров")}, ` +
      `размечено ${labelled.toLocaleString("ru")}, стратегия ${strategy} выбирает ${picks.toLocaleString("ru")}. ` +
      `Среднее по неразмеченным, ${measures[measure]}: ${mean}.`,
    empty: "Пул появится, когда модель его оценит.",
    plot: "карта пула",
    keys:
      "Стрелки ведут к ближайшему примеру в этом направлении, P и Shift+P — по выбранным, Enter открывает пример, " +
      "плюс и минус меняют масштаб, 0 показывает всё.",
    sure: "уверенно",
    unsure: "неуверенно",
    labelled: "размечен",
    picked: (strategy) => `выбор: ${strategy}`,
    zoomIn: "Ближе",
    zoomOut: "Дальше",
    fit: "Показать всё",
    point: ({ id, measure, value, labelled, pick, picks }) =>
      [
        `Пример ${id}`,
        `${measures[measure]} ${value}`,
        pick === undefined ? "" : `выбран, ${pick} из ${picks}`,
        labelled ? "размечен" : "",
      ].filter(Boolean).join(", ") + ".",
    state: ({ labelled, pick, picks }) =>
      pick !== undefined ? `выбран, ${pick} из ${picks}` : labelled ? "размечен" : "",
    table: "Показать таблицей",
    tableCaption: (measure) => `Пул по четвертям, ${measures[measure]}`,
    tableQuarter: "четверть",
    quarters: ["наименее уверенные", "скорее неуверенные", "скорее уверенные", "самые уверенные"],
    tableRange: "от … до",
    tablePoints: "примеры",
    tableLabelled: "размечено",
    tablePicks: "выбрано",
  },
};

const lab: LabWords = {
  locale: "ru",
  language: "Русский",
  title: "Pupil",
  tagline: "Малая модель выбирает, на чём учиться большой.",
  skip: "Перейти к содержанию",
  tabs: { lab: "Лаборатория", label: "Оракул — вы", data: "Данные и запуски" },
  theme: { auto: "как в системе", light: "светлые", dark: "тёмные" },
  themeLabel: "Цвета",
  languageLabel: "Язык",
  private: "Всё считается в этой вкладке. Тексты, метки и модели её не покидают.",
  computer: ({ name, backend, software }) =>
    backend === "wasm" ? `процессор (${name})` : software ? `${name}, программный адаптер` : name,
  computerNote: ({ missing, backend, software }) => {
    if (missing === "no-webgpu") return "В этом браузере нет WebGPU: считает процессор, текстов берётся меньше.";
    if (missing === "no-adapter") {
      return "Браузер не даёт доступа к видеокарте: считает процессор, текстов берётся меньше.";
    }
    if (missing === "slower") {
      return "Браузер даёт только программный адаптер; WebAssembly здесь быстрее и считает вместо него.";
    }
    return software && backend === "webgpu"
      ? "Это программный адаптер: считает процессор, текстов берётся меньше."
      : undefined;
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
  restart: "Начать сначала",
  restartSure: "Начать сначала? Записанное в этом запуске будет удалено.",
  closeOtherTabs: "Сначала закройте другие вкладки этой страницы.",
  self: "Добавить самоотбор",
  opening: (model, megabytes) =>
    `Подготовка ${model} … В первый раз с сервера этой страницы загружается ${megabytes} МБ`,
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
    entropy: "насколько размазаны вероятности, в натах; чем больше, тем меньше уверенность модели",
    margin: "вероятность лучшего класса минус вероятность второго; чем меньше, тем меньше уверенность модели",
    leastConfidence: "1 минус вероятность лучшего класса; чем больше, тем меньше уверенность модели",
  },
  acquisitionThinks: (name) => `${name}, выбирает`,
  successorThinks: (name) => `${name}, учится`,
  notAtHand: "для этого раунда неизвестно: обучение взято из прежнего запуска, от которого хранятся только оценки",
  onlyPicks: "спрашивают только о выбранных",
  gold: (label) => `верный класс: ${label}`,
  labelledAs: (label) => `размечен: ${label}`,
  close: "Закрыть",
  more: (rest) => `ещё ${num(rest, "ru")}`,
  moved: (same, of, from, to) => `${to}: из ${of} совпадают с выбором «${from}» ${same}.`,
  reu: "REU: годится ли выбор для другой модели?",
  reuNotYet:
    "Определено, когда у случайного, собственного и чужого выбора есть по две точки. Для этого добавьте самоотбор.",
  reuOfSelf:
    "Здесь преемник выбирает сам для себя. Выберите другую модель-сборщик, чтобы увидеть, годится ли её выбор.",
  reuValue: (value, interval) => interval === undefined ? `REU ${value}` : `REU ${value} (95 %: ${interval})`,
  verdict: (verdict) =>
    Object.entries(verdicts).reduce((text, [english, russian]) => text.replace(english, russian), verdict),
  reuWords: readReu,
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

const label: LabelWords = {
  title: "Оракул — вы",
  intro:
    "Модель-сборщик выбирает тексты, вы говорите, что это. После каждой порции модели учатся на ваших метках, и у вашей кривой появляется точка. Двойник учится на случайных текстах того же пула.",
  panel: "Разметка",
  keys:
    "Клавиши, пока фокус на этой панели: цифра размечает, 0 — не могу сказать, S пропускает, U отменяет, Enter обучает модели на этой порции.",
  batch: (round, done, of) =>
    `${
      round < 0 ? "Для проверки, случайные тексты" : round === 0 ? "Начало, случайные тексты" : `Раунд ${round}`
    }: ${done} из ${of}`,
  answered: (label) => `ответ: ${label}`,
  cannotTell: "Не могу сказать",
  skip: "Пока пропустить",
  undo: "Отменить",
  learn: "Обучить на этих",
  ready: "У всех текстов порции есть ответ.",
  wait: "Модели учатся на ваших метках; следующие тексты появятся вот-вот.",
  finished: "Все раунды этого запуска пройдены.",
  agreement: (same, of) => `Совпадает с метками набора: ${same} из ${of} (${Math.round(100 * same / of)}\u00a0%).`,
  agreementTitle: "Согласие",
  total: (labelled) => `Вами размечено: ${labelled.toLocaleString("ru")}`,
  twin: "случайный двойник",
  noTwin: "У этих текстов нет своих меток, поэтому размечать за случайного двойника некому.",
  curves: "Ваша кривая",
  you: "вы",
  settings: "Настройки",
  asked: (place, of) => `Текст ${place} из ${of}`,
};

const hub: HubWords = {
  title: "С хаба Hugging Face",
  intro:
    "Спрашивает у huggingface.co модель с этим именем и больше ничего ему не сообщает. Тексты, метки и обученное не покидают эту вкладку.",
  name: "Модель на хабе",
  revision: "Ревизия",
  fetch: "Загрузить",
  asking: (name) => `Спрашиваю о ${apart(name)} …`,
  fetching: (name) => `Загружаю ${apart(name)}`,
  progress: (bytes, total, left) => `${bytes} из ${total}${left === undefined ? "" : `, осталось ${span(left, "ru")}`}`,
  cancelled: (name) =>
    `Остановлено. Пришедшее из ${apart(name)} сохранено: следующая загрузка продолжит с этого места.`,
  unfinished: "загружена не вся",
};

const kept: KeptWords = {
  locale: "ru",
  data: "Ваши тексты",
  dataIntro:
    "CSV, TSV или JSON Lines со столбцом текстов и, если есть, со столбцом меток. Они остаются в этом браузере.",
  choose: "Выбрать файл",
  drop: "или перетащите сюда",
  paste: "Или вставьте тексты, по одному в строке, или ячейки таблицы",
  pasteButton: "Посмотреть вставленное",
  pasted: "Вставленные тексты",
  preview: (file, rows) => `${apart(file)}: строк ${rows.toLocaleString("ru")}`,
  text: "Столбец текстов",
  label: "Столбец меток",
  id: "Столбец идентификаторов",
  noColumn: "нет",
  columnsShown: (shown, all) => `Показано столбцов: ${shown} из ${all.toLocaleString("ru")}.`,
  classes: "Классы через запятую",
  classesHint: "Перечислите выше классы, к которым может относиться текст; это нужно, если нет столбца меток.",
  classCounts: "Классы:",
  moreClasses: (more) => ` и ещё ${more.toLocaleString("ru")}`,
  unlabelled: (rows) => `Без метки строк: ${rows.toLocaleString("ru")}; их можете разметить вы.`,
  title: "Название",
  keep: "Сохранить",
  cancel: "Отмена",
  dataRow: (rows, labelled) => `текстов ${rows.toLocaleString("ru")}, размечено ${labelled.toLocaleString("ru")}`,
  openLab: "Смотреть в лаборатории",
  openLabel: "Размечать",
  remove: "Удалить",
  removeNamed: (name) => `Удалить ${name}`,
  removeSure: (name) => `Удалить ${apart(name)} из этого браузера насовсем?`,
  model: "Ваши модели",
  modelIntro:
    "Папка в раскладке Hugging Face: config.json, model.safetensors, tokenizer.json. BERT, DistilBERT, ELECTRA, RoBERTa или GPT-2.",
  modelFolder: "Выбрать папку",
  modelKept: (name) => `${name} можно выбрать преемником и сборщиком.`,
  hub,
  runs: "Запуски",
  runsIntro: "Каждый запуск — папка в формате командной строки, хранится в этом браузере.",
  noRuns: "Запусков пока нет.",
  name: "Запуск",
  of: "Данные",
  progress: "Точки",
  size: "Размер",
  actions: "Сохранить или открыть",
  points: (points, planned) => `${points} из ${planned}`,
  bytes: (bytes) => size(bytes, "ru", ["кБ", "МБ", "ГБ"]),
  open: "Открыть",
  zip: "Весь запуск (zip)",
  labels: "Метки (JSONL)",
  csv: "Кривые (CSV)",
  svg: "Кривые (SVG)",
  png: "Кривые (PNG)",
  importZip: "Добавить запуск (zip)",
  importFolder: "Добавить запуск (папка)",
  imported: (name, known) => known ? `Запуск ${apart(name)} здесь уже есть.` : `Запуск ${apart(name)} добавлен.`,
  continueTitle: "Выбрать здесь, доучить там",
  continueHow: [
    {
      before:
        "Сохраните весь запуск и распакуйте его на сервере с видеокартой. Размеченное здесь обучит там большую модель, и она будет проверена: ",
      command: "pupil run succeed.yaml",
      after: ".",
    },
    {
      before: "Чтобы продолжить запуск как есть: ",
      command: "pupil run config.yaml --out .",
      after:
        " Только та видеокарта или тот процессор, на которых запуск начат, повторяют его обучения в точности; на других его, возможно, придётся начать заново.",
    },
  ],
  storage: "Хранилище",
  used: (used, allowed) => `Занято ${used} из ${allowed}, которые даёт браузер.`,
  kept: (kept) =>
    kept ? "Браузер хранит это, пока вы это не удалите." : "Браузер может удалить это, если диск переполнится.",
  askKeep: "Попросить браузер хранить постоянно",
  notKept:
    "Сейчас браузер этого не обещает. Многие обещают, когда страница в закладках или установлена. Сохраните запуски, которые вам нужны.",
  clear: "Очистить всё",
  clearSure: "Удалить из этого браузера насовсем все запуски, метки, данные и модели?",
  working: "Работаю …",
};

/** The page in Russian. */
export const ru: Texts = { charts, lab, label, kept };
