import { configError } from "./config_error.ts";
import { canonicalJson } from "../hash.ts";
import { type Draft, type Model, MODELS } from "./draft.ts";
import { configKeys } from "./shape.ts";

/**
 * Which model acquires and which one succeeds. One model does both where no other successor is named, and in a random run,
 * which trains no acquisition model.
 *
 * @throws InputError where one model is to be trained in two ways
 */
export function settleModels(draft: Draft): void {
  const [acquisition, successor] = MODELS;
  const asked = draft.value("al_type");
  const [acquiring, succeeding] = [draft.value("acquisition_model.name"), draft.value("successor_model.name")];
  const become = (type: "one" | "asm") => draft.setValue("al_type", type);
  const share = (kept: Model, other: Model) => {
    const node = draft.node(kept);
    if (node) draft.set(other, node);
    become("one");
  };

  if (asked === "one" || (succeeding === undefined && asked !== "asm")) {
    const because = asked === "one" ? "al_type is one" : "no successor_model.name is given";
    draft.setAside(successor, because, draft.layer("al_type"), { shared: false });
    return share(acquisition, successor);
  }
  if (draft.value("al.strategy") === "random" && succeeding !== undefined) {
    const because = "al.strategy is random";
    draft.setAside(acquisition, because, draft.layer("al.strategy"), { tolerated: true, shared: false });
    return share(successor, acquisition);
  }
  if (acquiring !== succeeding || acquiring === undefined) return become("asm");
  const [left, right] = [draft.value(acquisition), draft.value(successor)];
  if (canonicalJson(left) !== canonicalJson(right)) {
    const keys = configKeys().filter((key) => key.startsWith(`${successor}.`));
    const different = keys.find((key) => draft.value(key) !== draft.value(key.replace(successor, acquisition))) ??
      successor;
    const origin = draft.node(different)?.origin ?? draft.node("successor_model.name")!.origin;
    throw configError(
      `${origin.place}: config key ${different} differs from ${different.replace(successor, acquisition)}, ` +
        `though both models are ${succeeding}. Self-selection has one model: set training.${
          different.split(".training.")[1]
        }`,
    );
  }
  draft.notices.push(`acquisition and successor are both ${succeeding}: this is self-selection (al_type one)`);
  become("one");
}
