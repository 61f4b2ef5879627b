/** A measure of uncertainty by which the pool is coloured. */
export type Measure = "entropy" | "margin" | "leastConfidence";

/** One curve's last point, for the sentence that stands in for the chart. */
export interface LastPoint {
  readonly name: string;
  readonly labelled: number;
  /** The metric's value, written out. */
  readonly score: string;
}

/** What the curves say in a sentence or two. */
export interface CurvesGist {
  readonly metric: string;
  /** Labelled examples at the last planned point. */
  readonly planned: number;
  readonly last: readonly LastPoint[];
  /** Who is ahead at the last point that all curves have, and by how much; absent for one curve alone, or a tie. */
  readonly leader?: { readonly name: string; readonly by: string; readonly labelled: number };
}

/** The words of `<learning-curves>`. */
export interface CurvesWords {
  /** How numbers are written: a language tag. */
  readonly locale: string;
  readonly xLabel: string;
  readonly metric: (name: string) => string;
  readonly gist: (gist: CurvesGist) => string;
  readonly empty: string;
  readonly keys: string;
  readonly plot: string;
  readonly point: (name: string, labelled: number, score: string) => string;
  readonly labelled: (count: number) => string;
  readonly notYet: string;
  readonly table: string;
  readonly tableCaption: (metric: string) => string;
  readonly tableCount: string;
  readonly otherSeed: (name: string, seed: number) => string;
  readonly band: string;
  readonly litArea: (upper: string, lower: string) => string;
}

/** The pool in numbers, for the sentence that stands in for the scatter. */
export interface PoolGist {
  readonly round: number;
  readonly points: number;
  readonly labelled: number;
  readonly picks: number;
  readonly strategy: string;
  readonly measure: Measure;
  /** Mean of the measure over what is not labelled, written out. */
  readonly mean: string;
}

/** One example as it is told when it is looked at. */
export interface PointGist {
  readonly id: string;
  readonly measure: Measure;
  readonly value: string;
  readonly labelled: boolean;
  /** Its place among the picks, from 1. */
  readonly pick?: number;
  readonly picks: number;
}

/** The words of `<pool-scatter>`. */
export interface ScatterWords {
  readonly locale: string;
  readonly measure: Readonly<Record<Measure, string>>;
  readonly summary: (gist: PoolGist) => string;
  readonly empty: string;
  readonly plot: string;
  readonly keys: string;
  readonly sure: string;
  readonly unsure: string;
  readonly labelled: string;
  readonly picked: (strategy: string) => string;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly fit: string;
  readonly point: (gist: PointGist) => string;
  readonly state: (gist: PointGist) => string;
  readonly table: string;
  readonly tableCaption: (measure: Measure) => string;
  readonly tableQuarter: string;
  /** From the least sure to the surest. */
  readonly quarters: readonly [string, string, string, string];
  readonly tableRange: string;
  readonly tablePoints: string;
  readonly tableLabelled: string;
  readonly tablePicks: string;
}

/** All words of the charts. */
export interface ChartWords {
  readonly curves: CurvesWords;
  readonly scatter: ScatterWords;
}

function count(value: number, one: string, many: string): string {
  return `${value.toLocaleString("en")} ${value === 1 ? one : many}`;
}

function listed(items: readonly string[], and: string): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} ${and} ${items.at(-1)}`;
}

const metricsInEnglish: Readonly<Record<string, string>> = {
  accuracy: "accuracy",
  macro_f1: "macro F1",
  micro_f1: "micro F1",
};

const measuresInEnglish: Readonly<Record<Measure, string>> = {
  entropy: "entropy (nats)",
  margin: "margin",
  leastConfidence: "least confidence",
};

export const en: ChartWords = {
  curves: {
    locale: "en",
    xLabel: "labelled examples",
    metric: (name) => metricsInEnglish[name] ?? name.replaceAll("_", " "),
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
    measure: measuresInEnglish,
    summary: ({ round, points, labelled, picks, strategy, measure, mean }) =>
      `The pool before the picks of round ${round}: ${count(points, "example", "examples")}, ${labelled} labelled, ` +
      `${count(picks, "pick", "picks")} by ${strategy}. Mean ${measuresInEnglish[measure]} of the unlabelled: ${mean}.`,
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
        `${measuresInEnglish[measure]} ${value}`,
        pick === undefined ? "" : `pick ${pick} of ${picks}`,
        labelled ? "labelled" : "",
      ].filter(Boolean).join(", ") + ".",
    state: ({ labelled, pick, picks }) => pick !== undefined ? `pick ${pick} of ${picks}` : labelled ? "labelled" : "",
    table: "Show as table",
    tableCaption: (measure) => `The pool by ${measuresInEnglish[measure]}, in quarters`,
    tableQuarter: "quarter",
    quarters: ["least sure", "rather unsure", "rather sure", "surest"],
    tableRange: "from … to",
    tablePoints: "examples",
    tableLabelled: "labelled",
    tablePicks: "picks",
  },
};

const russianRules = new Intl.PluralRules("ru");

function countInRussian(value: number, one: string, few: string, many: string): string {
  const form = russianRules.select(value);
  return `${value.toLocaleString("ru")} ${form === "one" ? one : form === "few" ? few : many}`;
}

const metricsInRussian: Readonly<Record<string, string>> = {
  accuracy: "точность",
  macro_f1: "макро-F1",
  micro_f1: "микро-F1",
};

const measuresInRussian: Readonly<Record<Measure, string>> = {
  entropy: "энтропия (наты)",
  margin: "отступ",
  leastConfidence: "недостаток уверенности",
};

export const ru: ChartWords = {
  curves: {
    locale: "ru",
    xLabel: "размеченные примеры",
    metric: (name) => metricsInRussian[name] ?? name.replaceAll("_", " "),
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
    measure: measuresInRussian,
    summary: ({ round, points, labelled, picks, strategy, measure, mean }) =>
      `Пул перед выбором в раунде ${round}: ${countInRussian(points, "пример", "примера", "примеров")}, ` +
      `размечено ${labelled.toLocaleString("ru")}, стратегия ${strategy} выбирает ${picks.toLocaleString("ru")}. ` +
      `Среднее по неразмеченным, ${measuresInRussian[measure]}: ${mean}.`,
    empty: "Пул появится, когда модель его оценит.",
    plot: "карта пула",
    keys:
      "Стрелки ведут к ближайшему примеру в этом направлении, P и Shift+P — по выбранным, Enter открывает пример, " +
      "плюс и минус меняют масштаб, 0 показывает всё.",
    sure: "уверенно",
    unsure: "неуверенно",
    labelled: "размечен",
    picked: (strategy) => `выбирает ${strategy}`,
    zoomIn: "Ближе",
    zoomOut: "Дальше",
    fit: "Показать всё",
    point: ({ id, measure, value, labelled, pick, picks }) =>
      [
        `Пример ${id}`,
        `${measuresInRussian[measure]} ${value}`,
        pick === undefined ? "" : `выбран, ${pick} из ${picks}`,
        labelled ? "размечен" : "",
      ].filter(Boolean).join(", ") + ".",
    state: ({ labelled, pick, picks }) =>
      pick !== undefined ? `выбран, ${pick} из ${picks}` : labelled ? "размечен" : "",
    table: "Показать таблицей",
    tableCaption: (measure) => `Пул по четвертям, ${measuresInRussian[measure]}`,
    tableQuarter: "четверть",
    quarters: ["наименее уверенные", "скорее неуверенные", "скорее уверенные", "самые уверенные"],
    tableRange: "от … до",
    tablePoints: "примеры",
    tableLabelled: "размечено",
    tablePicks: "выбрано",
  },
};
