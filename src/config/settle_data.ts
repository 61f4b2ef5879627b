import { keyError } from "./config_error.ts";
import type { Draft } from "./draft.ts";
import type { Layer } from "./node.ts";
import { REGISTERED_PLACE } from "./schema.ts";

/** The part of the user's own file that becomes the test set where there is no file for it. */
const TEST_FRACTION = 0.2;

/** Which part of what is published is meant. */
const PUBLISHED = ["data.revision", "data.subset", "data.train_split", "data.test_split"];

/** Where the examples come from: a registered data set, or files, whose name `data.dataset_name` then is. */
export function settleData(draft: Draft): void {
  const train = draft.node("data.train");
  const layer = draft.layer("data.train");
  if (!train) {
    for (const key of ["data.test", "data.test_fraction"]) {
      draft.setAside(key, "no data.train is given, and a registered data set has its own test part", layer);
      draft.setValue(key, null);
    }
    draft.setAside("data.classes", "no data.train is given, and a registered data set has its own classes", layer);
    draft.remove("data.classes");
    const path = draft.value("data.path");
    if (path !== undefined && path !== REGISTERED_PLACE) {
      setAside(draft, ["data.revision"], "data.path is given, and a folder has no revisions", draft.layer("data.path"));
    }
    dropEmpty(draft);
    return;
  }
  setAside(draft, PUBLISHED, "data.train is given", layer);
  dropEmpty(draft);
  draft.setAside("data.path", "data.train is given", layer);
  draft.setValue("data.path", null);
  if (draft.node("data.test")) {
    draft.setAside("data.test_fraction", "data.test is given", draft.layer("data.test"));
    draft.setValue("data.test_fraction", null);
  } else if (draft.node("data.classes")) {
    throw keyError(draft.node("data.classes")!.origin, " needs data.test: what no row says cannot be held out");
  } else if (!draft.node("data.test_fraction")) draft.setValue("data.test_fraction", TEST_FRACTION);

  const name = draft.value("data.dataset_name");
  if (name === undefined || draft.isGiven("data.dataset_name") || !draft.isGiven("data.train")) return;
  draft.notices.push(
    `data.train is taken for the data set '${name}' of the base config. Set data.dataset_name to its own name`,
  );
}

function setAside(draft: Draft, keys: readonly string[], because: string, layer: Layer): void {
  for (const key of keys) {
    draft.setAside(key, because, layer);
    draft.remove(key);
  }
}

/** Null is what is not given, and nothing else. */
function dropEmpty(draft: Draft): void {
  for (const key of PUBLISHED) if (draft.node(key) === undefined) draft.remove(key);
}
