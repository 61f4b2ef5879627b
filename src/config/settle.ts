import { configError } from "./config_error.ts";
import * as v from "valibot";
import { Draft, type IdleStatement, MODELS } from "./draft.ts";
import { get, isEmpty, type Origin, plain, type Section, values } from "./node.ts";
import type { ExperimentConfig } from "./schema.ts";
import { settleData } from "./settle_data.ts";
import { settleDropout } from "./settle_dropout.ts";
import { settleFrozen } from "./settle_frozen.ts";
import { settleModels } from "./settle_models.ts";
import { settleRevisions } from "./settle_revisions.ts";
import { settleSampling } from "./settle_sampling.ts";
import { settleStorage } from "./settle_storage.ts";
import { settleTraining } from "./settle_training.ts";
import { configKeys, expectedOf, experimentShape, shapeAt } from "./shape.ts";
import { withDefaults } from "./silent_defaults.ts";

export interface SettledExperiment {
  readonly config: ExperimentConfig;
  readonly idle: readonly IdleStatement[];
  /** The user's statements that are not idle wherever they stand in it. */
  readonly used: ReadonlySet<Origin>;
  readonly notices: readonly string[];
}

/**
 * Settles the rules that take several keys together: which model does what, where the data come from, how the pool is
 * subsampled, how long a training is. Every default is filled in.
 *
 * `tree` has passed checkKeys and holds no `training` of its own; `place` is where the experiment stands, for what is missing.
 *
 * @throws InputError for keys that contradict each other, and for the first that is missing
 */
export function settle(tree: Section, place: string): SettledExperiment {
  const draft = new Draft(withDefaults(tree));
  settleModels(draft);
  settleData(draft);
  settleSampling(draft);
  settleDropout(draft);
  settleStorage(draft);
  settleFrozen(draft);
  settleRevisions(draft);
  for (const model of MODELS) settleTraining(draft, model);
  checkComplete(draft.tree, place);
  const { idle, notices } = draft;
  const isIdle = (path: readonly string[], origin: Origin) =>
    idle.some((statement) => statement.origin === origin && statement.at === path.join("."));
  const used = [...values(tree)].filter(([path, { origin }]) => !isIdle(path, origin)).map(([, { origin }]) => origin);
  return { config: v.parse(experimentShape, plain(draft.tree)), idle, used: new Set(used), notices };
}

function checkComplete(tree: Section, place: string): void {
  if (isEmpty(get(tree, ["data", "dataset_name"])) && isEmpty(get(tree, ["data", "train"]))) {
    throw configError(
      `${place}: config key data.dataset_name is missing, expected a data set's name, or a file of your own in data.train`,
    );
  }
  for (const key of configKeys(experimentShape)) {
    const section = get(tree, key.split(".").slice(0, -1));
    const shape = shapeAt(experimentShape, key.split("."));
    if (
      !isEmpty(get(tree, key.split("."))) || v.is(shape, null) || v.is(shape, undefined) ||
      (section !== undefined && isEmpty(section))
    ) {
      continue;
    }
    const isPublished = !key.endsWith("_model.name") && !key.startsWith("generation.");
    const advice = isPublished ? ". Base configs such as 'defaults: [al_cls]' bring the published values" : "";
    throw configError(`${place}: config key ${key} is missing, expected ${expectedOf(shape)}${advice}`);
  }
}
