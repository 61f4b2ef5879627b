/** The words of the view where a person labels. */
export interface LabelWords {
  readonly title: string;
  readonly intro: string;
  readonly panel: string;
  readonly keys: string;
  readonly batch: (round: number, done: number, of: number) => string;
  readonly answered: (label: string) => string;
  readonly cannotTell: string;
  readonly skip: string;
  readonly undo: string;
  readonly learn: string;
  readonly ready: string;
  readonly wait: string;
  readonly finished: string;
  readonly agreement: (same: number, of: number) => string;
  readonly agreementTitle: string;
  readonly total: (labelled: number) => string;
  readonly twin: string;
  readonly noTwin: string;
  readonly curves: string;
  readonly you: string;
  readonly settings: string;
  readonly asked: (place: number, of: number) => string;
}

export const en: LabelWords = {
  title: "You are the oracle",
  intro:
    "The acquisition model picks texts; you say what they are. After each batch the models learn from your labels, and your curve gets a point. The twin learns from random texts of the same pool.",
  panel: "Labelling",
  keys:
    "Keys while this panel has the focus: a number labels, 0 is can't tell, S skips, U undoes, Enter learns from the batch.",
  batch: (round, done, of) =>
    `${
      round < 0 ? "To measure with, random texts" : round === 0 ? "Warm start, random texts" : `Round ${round}`
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

export const ru: LabelWords = {
  title: "Оракул — вы",
  intro:
    "Модель-сборщик выбирает тексты, вы говорите, что это. После каждой порции модели учатся на ваших метках, и у вашей кривой появляется точка. Двойник учится на случайных текстах того же пула.",
  panel: "Разметка",
  keys:
    "Клавиши, пока фокус на этой панели: цифра размечает, 0 — не могу сказать, S пропускает, U отменяет, Enter учит на порции.",
  batch: (round, done, of) =>
    `${
      round < 0 ? "Для проверки, случайные тексты" : round === 0 ? "Начало, случайные тексты" : `Раунд ${round}`
    }: ${done} из ${of}`,
  answered: (label) => `ответ: ${label}`,
  cannotTell: "Не могу сказать",
  skip: "Пропустить пока",
  undo: "Отменить",
  learn: "Учиться на этих",
  ready: "У всех текстов порции есть ответ.",
  wait: "Модели учатся на ваших метках; следующие тексты появятся вот-вот.",
  finished: "Все раунды этого запуска пройдены.",
  agreement: (same, of) => `Совпадает с метками набора: ${same} из ${of} (${Math.round(100 * same / of)}\u00a0%).`,
  agreementTitle: "Согласие",
  total: (labelled) => `размечено вами: ${labelled.toLocaleString("ru")}`,
  twin: "случайный двойник",
  noTwin: "У этих текстов нет своих меток, поэтому размечать за случайного двойника некому.",
  curves: "Ваша кривая",
  you: "вы",
  settings: "Настройки",
  asked: (place, of) => `Текст ${place} из ${of}`,
};
