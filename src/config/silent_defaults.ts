import { get, isEmpty, LAYER, leaf, type Origin, put, type Section } from "./node.ts";

/** Where neither a config nor a base says anything. Everything else must be said. */
const SILENT: Readonly<Record<string, string | number | boolean | null>> = {
  "generation": null,
  "data.dataset_name": null,
  "data.path": null,
  "data.train": null,
  "data.test": null,
  "data.test_fraction": null,
  "data.validation": 0,
  "data.text_name": "text",
  "data.label_name": "label",
  "data.id_name": "id",
  "al.split_by_tokens": false,
  "al.sampling_type": "none",
  "al.gamma_or_k_confident_to_save": null,
  "al.ups.gamma": 0.1,
  "al.ups.temperature": 0.01,
  "al.dropout_passes": 10,
  "acquisition_model.distilled_from": null,
  "acquisition_model.training.steps": null,
  "acquisition_model.training.accumulation": 1,
  "successor_model.distilled_from": null,
  "successor_model.training.steps": null,
  "successor_model.training.accumulation": 1,
};
const RECALCULATED = [0, 1, 4, 8];

/** The config with a value for every key that may be left unsaid. */
export function withDefaults(tree: Section): Section {
  const origin = (key: string): Origin => ({ layer: LAYER.library, place: "default", key });
  const filled = Object.entries(SILENT).reduce(
    (below, [key, value]) =>
      isEmpty(get(below, key.split("."))) ? put(below, key.split("."), leaf(value, origin(key))) : below,
    tree,
  );
  const rounds = ["al", "ups", "iters_to_recalc_scores"];
  if (!isEmpty(get(filled, rounds))) return filled;
  const at = origin(rounds.join("."));
  return put(filled, rounds, { kind: "list", items: RECALCULATED.map((round) => leaf(round, at)), origin: at });
}
