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
