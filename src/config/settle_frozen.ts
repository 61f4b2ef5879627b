import { type Draft, MODELS } from "./draft.ts";

/** A training changes the whole model, which is not written down, so that a plan is the same whether it says so or not; or its head alone. */
export function settleFrozen(draft: Draft): void {
  for (const model of MODELS) {
    const key = `${model}.training.frozen`;
    if (draft.value(key) === undefined || draft.value(key) === false) draft.remove(key);
  }
}
