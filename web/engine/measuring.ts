import { appendText, type Files, readText } from "../../src/host.ts";
import type { Computer, LabState, Settings } from "./api.ts";
import { keepMeasured, type ToMeasure } from "./person_data.ts";

/** A person labels texts that curves are measured with, before there is anything to run. Answers are kept as they come. */
export class Measuring {
  readonly #answers = new Map<string, string | null>();

  private constructor(
    readonly settings: Settings,
    readonly computer: Computer,
    readonly root: Files,
    readonly wanted: ToMeasure,
    readonly tell: (state: LabState) => void,
  ) {}

  static async open(
    settings: Settings,
    computer: Computer,
    root: Files,
    wanted: ToMeasure,
    tell: (state: LabState) => void,
  ): Promise<Measuring> {
    const measuring = new Measuring(settings, computer, root, wanted, tell);
    for (const line of (await readText(root, measuring.path) ?? "").split("\n")) measuring.#recall(line);
    tell(measuring.state);
    return measuring;
  }

  get state(): LabState {
    const examples = this.wanted.examples.map(({ id, text }) => {
      const answer = this.#answers.get(id);
      return { id, text, ...(answer === undefined ? {} : { answer }) };
    });
    return {
      phase: "running",
      settings: this.settings,
      computer: this.computer,
      speed: {},
      metric: "macro_f1",
      counts: [],
      arms: [],
      views: [],
      notices: [],
      labelled: [...this.#answers.values()].filter((label) => label !== null).length,
      asked: { round: -1, classes: this.wanted.classes, examples, agreement: { same: 0, of: 0 } },
      folder: "",
      canAddSelf: false,
    };
  }

  async answer(id: string, label: string | null): Promise<void> {
    if (!this.#asks(id)) return;
    this.#answers.set(id, label);
    await appendText(this.root, this.path, JSON.stringify({ id, label }) + "\n");
    this.tell(this.state);
  }

  /** Sets apart what has a label. Whether that was all: every text needs an answer. */
  async finish(): Promise<boolean> {
    if (!this.wanted.examples.every(({ id }) => this.#answers.has(id))) return false;
    const labels = [...this.#answers].flatMap(([id, label]) => label === null ? [] : [[id, label] as const]);
    await keepMeasured(this.settings.data, this.root, this.wanted.all, new Map(labels));
    return true;
  }

  /** Where the answers are kept. */
  get path(): string {
    return `data/${this.settings.data}.measuring.jsonl`;
  }

  #asks(id: string): boolean {
    return this.wanted.examples.some((example) => example.id === id);
  }

  /** A line that a crash cut short is no answer; the text is asked for again. */
  #recall(line: string): void {
    try {
      const { id, label } = JSON.parse(line) as { id: string; label: string | null };
      if (this.#asks(id) && (label === null || this.wanted.classes.includes(label))) this.#answers.set(id, label);
    } catch {
      // An empty line, too.
    }
  }
}
