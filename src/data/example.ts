/** One text to learn from. Known everywhere by its own stable id, never by its position in a list. */
export interface Example {
  readonly id: string;
  readonly text: string;
  /** The gold label where it is known. */
  readonly label?: string;
}

/** A sentence to learn to tag: a tag in IOB2 for each token. */
export interface TaggedExample {
  readonly id: string;
  readonly tokens: readonly string[];
  readonly tags: readonly string[];
}

/** A text to learn to summarise. */
export interface SummarisedExample {
  readonly id: string;
  readonly text: string;
  readonly summary: string;
}

/** A data set as the loop takes it: ids unique over both parts, every label of `test` present in `labels`. */
export interface DataSet {
  readonly name: string;
  readonly train: readonly Example[];
  readonly test: readonly Example[];
  /** The classes, sorted: all labels of the training part, or what a person may call its texts. */
  readonly labels: readonly string[];
  /** What a person should know of it, a line each. */
  readonly notices?: readonly string[];
}
