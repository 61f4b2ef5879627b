import { type Draft, MODELS } from "./draft.ts";

/** A model without a revision is one of its main branch, which is not written down, so that a plan is the same whether it says so or not. */
export function settleRevisions(draft: Draft): void {
  for (const model of MODELS) {
    const key = `${model}.revision`;
    if (draft.value(key) === undefined) draft.remove(key);
  }
}
