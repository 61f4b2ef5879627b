import { configError, keyError } from "./config_error.ts";
import type { Draft, Model } from "./draft.ts";
import { plain } from "./node.ts";

/**
 * How long a training is: by a rule over epochs and least steps, or a fixed number of steps.
 *
 * @throws InputError for fixed steps without a number, and for a least batch size above the batch size
 */
export function settleTraining(draft: Draft, model: Model): void {
  const at = (key: string) => `${model}.training.${key}`;
  const rule = draft.node(at("step_rule"));
  if (!rule) return;
  const ruleKey = rule.origin.key;
  const because = `${ruleKey} is ${plain(rule)}`;
  const [batch, least] = [at("batch_size_args.batch_size"), at("batch_size_args.min_batch_size")];
  if (plain(rule) === "fixed") {
    for (const key of [at("epochs"), at("min_steps"), least]) draft.setAside(key, because, rule.origin.layer);
    if (!draft.node(at("steps"))) {
      throw configError(
        `${rule.origin.place}: config key ${ruleKey.replace(/step_rule$/, "steps")} is missing: ${because}`,
      );
    }
  } else {
    draft.setAside(at("steps"), because, rule.origin.layer);
    draft.setValue(at("steps"), null);
  }
  const [size, smallest] = [draft.value(batch), draft.value(least)];
  if (typeof size !== "number" || typeof smallest !== "number" || smallest <= size) return;
  if (plain(rule) !== "fixed" && draft.isGiven(least)) {
    throw keyError(draft.node(least)!.origin, `: found ${smallest}, expected at most batch_size, which is ${size}`);
  }
  draft.setValue(least, size);
}
