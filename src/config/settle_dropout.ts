import type { Draft } from "./draft.ts";
import { DROPOUT_STRATEGIES } from "./schema.ts";

/** Passes with dropout serve the strategies that compare them, and no others. */
export function settleDropout(draft: Draft): void {
  const strategy = draft.value("al.strategy");
  if (typeof strategy !== "string" || DROPOUT_STRATEGIES.includes(strategy)) return;
  draft.setAside("al.dropout_passes", `al.strategy is ${strategy}`, draft.layer("al.strategy"));
}
