import type { Draft } from "./draft.ts";

const KEY = "al.scoring_storage";

/** Scoring stores float32, which is not written down, so that a plan is the same whether it says so or not; or what is given. */
export function settleStorage(draft: Draft): void {
  const isRandom = draft.value("al.strategy") === "random";
  if (isRandom) draft.setAside(KEY, "al.strategy is random, which scores nothing", draft.layer("al.strategy"));
  if (isRandom || draft.value(KEY) !== "float16") draft.remove(KEY);
}
