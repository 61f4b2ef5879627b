/** The words of the view of data, models and runs. */
export interface KeptWords {
  readonly locale: string;
  readonly data: string;
  readonly dataIntro: string;
  readonly choose: string;
  readonly drop: string;
  readonly paste: string;
  readonly pasteButton: string;
  /** The name of what was pasted, until it is given another. */
  readonly pasted: string;
  readonly preview: (file: string, rows: number) => string;
  readonly text: string;
  readonly label: string;
  readonly id: string;
  readonly noColumn: string;
  readonly columnsShown: (shown: number, all: number) => string;
  readonly classes: string;
  readonly classesHint: string;
  readonly classCounts: string;
  readonly moreClasses: (more: number) => string;
  readonly unlabelled: (rows: number) => string;
  readonly title: string;
  readonly keep: string;
  readonly cancel: string;
  readonly dataRow: (rows: number, labelled: number) => string;
  readonly openLab: string;
  readonly openLabel: string;
  readonly remove: string;
  readonly removeNamed: (name: string) => string;
  readonly removeSure: (name: string) => string;
  readonly model: string;
  readonly modelIntro: string;
  readonly modelFolder: string;
  readonly modelKept: (name: string) => string;
  readonly runs: string;
  readonly runsIntro: string;
  readonly noRuns: string;
  readonly name: string;
  readonly of: string;
  readonly progress: string;
  readonly size: string;
  readonly actions: string;
  readonly points: (points: number, planned: number) => string;
  readonly bytes: (bytes: number) => string;
  readonly open: string;
  readonly zip: string;
  readonly labels: string;
  readonly csv: string;
  readonly svg: string;
  readonly png: string;
  readonly importZip: string;
  readonly importFolder: string;
  readonly imported: (name: string, known: boolean) => string;
  readonly continueTitle: string;
  readonly continueHow: readonly { readonly before: string; readonly command: string; readonly after: string }[];
  readonly storage: string;
  readonly used: (used: string, allowed: string) => string;
  readonly kept: (kept: boolean) => string;
  readonly askKeep: string;
  readonly notKept: string;
  readonly clear: string;
  readonly clearSure: string;
  readonly working: string;
}

const size = (bytes: number, locale: string, units: readonly [string, string, string]) => {
  const [kilo, mega] = [bytes / 1e3, bytes / 1e6];
  const number = (value: number) => value.toLocaleString(locale, { maximumFractionDigits: value < 10 ? 1 : 0 });
  if (mega >= 1000) return `${number(mega / 1000)} ${units[2]}`;
  return mega >= 1 ? `${number(mega)} ${units[1]}` : `${number(kilo)} ${units[0]}`;
};

/** A name within a sentence: one that is written from right to left, or tries to be, turns nothing but itself. */
const apart = (name: string) => `\u2068${name}\u2069`;

export const en: KeptWords = {
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
  classesHint: "Name above what a text may be called; that is needed where there is no column of labels.",
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
    "A folder in Hugging Face layout: config.json, model.safetensors, tokenizer.json. BERT's architecture, for now.",
  modelFolder: "Choose a folder",
  modelKept: (name) => `${name} can be chosen as successor and as acquisition model.`,
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
        " Only the adapter that began a run repeats its trainings to the byte; another may have to begin it again.",
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

export const ru: KeptWords = {
  locale: "ru",
  data: "Ваши тексты",
  dataIntro:
    "CSV, TSV или JSON Lines со столбцом текстов и, если есть, со столбцом меток. Они остаются в этом браузере.",
  choose: "Выбрать файл",
  drop: "или перетащите его сюда",
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
  classesHint: "Назовите выше, какими могут быть тексты; это нужно, если нет столбца меток.",
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
    "Папка в раскладке Hugging Face: config.json, model.safetensors, tokenizer.json. Пока только архитектура BERT.",
  modelFolder: "Выбрать папку",
  modelKept: (name) => `${name} можно выбрать преемником и сборщиком.`,
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
  importZip: "Принести запуск (zip)",
  importFolder: "Принести запуск (папка)",
  imported: (name, known) => known ? `${apart(name)} здесь уже был.` : `${apart(name)} принят.`,
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
        " Только видеокарта, на которой запуск начат, повторяет его обучения до последнего байта; на другой его, возможно, придётся начать заново.",
    },
  ],
  storage: "Хранилище",
  used: (used, allowed) => `Занято ${used} из ${allowed}, которые даёт браузер.`,
  kept: (kept) => kept ? "Браузер хранит это, пока вы не очистите." : "Браузер может очистить это, когда диск полон.",
  askKeep: "Попросить браузер хранить",
  notKept:
    "Сейчас браузер этого не обещает. Многие обещают, когда страница в закладках или установлена. Сохраните запуски, которые вам нужны.",
  clear: "Очистить всё",
  clearSure: "Удалить из этого браузера насовсем все запуски, метки, данные и модели?",
  working: "Работаю …",
};
