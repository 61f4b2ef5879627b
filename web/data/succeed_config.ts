import { Document, isMap, visit } from "yaml";
import type { Example } from "../../src/data/example.ts";
import type { LabelRow } from "./labels.ts";

/** What a successor is trained on and evaluated on, by name. */
export interface Succession {
  readonly dataset: string;
  readonly metric: string;
  /** The model that the config names until it is given another. */
  readonly model: string;
  /** Of Pupil's own, which begin from nothing: they train in another way than a pretrained one. */
  readonly embedded: boolean;
  readonly labelled: readonly LabelRow[];
  readonly test: readonly Example[];
  /** Where the two are written, from the config. */
  readonly paths: { readonly labelled: string; readonly test: string };
}

export interface SuccessionFiles {
  readonly config: string;
  readonly test: string;
}

/**
 * A config that trains a model, meant to be larger, on exactly what was labelled, and evaluates it: a random run whose warm start is
 * all there is. Test examples of classes that were never labelled are left out. Why there can be none, where there can be none.
 */
export function succeedConfig(succession: Succession): SuccessionFiles | { readonly lacking: string } {
  const { dataset, metric, model, embedded, labelled, paths } = succession;
  const classes = new Set(labelled.map(({ label }) => label));
  if (classes.size < 2) return { lacking: "fewer than two classes are labelled so far" };
  const test = succession.test.filter(({ label }) => label !== undefined && classes.has(label));
  if (test.length === 0) return { lacking: "no test text is of a class that is labelled so far" };
  const left = succession.test.length - test.length;
  const document = new Document({
    defaults: [
      "al_cls",
      { "override data": "own" },
      { "override training": embedded ? "small" : "classification" },
      "_self_",
    ],
    name: "succeed",
    metric,
    seeds: [0],
    data: { dataset_name: dataset, train: paths.labelled, test: paths.test },
    successor_model: { name: model },
    al: { strategy: "random", init_p_or_n: labelled.length, num_queries: 0 },
  });
  visit(document, {
    Collection: (_key, node) => {
      node.flow = !(isMap(node) && node === document.contents);
    },
  });
  document.commentBefore = [
    ` Trains a model on exactly the ${labelled.length} texts that were labelled, and evaluates it:`,
    "   pupil run succeed.yaml",
    " A larger one, from a folder in the layout of Hugging Face (config.json, model.safetensors, tokenizer.json):",
    "   pupil run succeed.yaml successor_model.name=./my-model training=classification --out runs/larger",
    ...(left > 0 ? [` Test texts left out, since their class was never labelled: ${left}.`] : []),
  ].join("\n");
  return {
    config: document.toString({ lineWidth: 0, flowCollectionPadding: false }),
    test: test.map(({ id, text, label }) => JSON.stringify({ id, text, label }) + "\n").join(""),
  };
}
