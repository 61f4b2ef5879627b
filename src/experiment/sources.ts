import type { ModelPlaces } from "../models/model_source.ts";
import type { Files } from "../host.ts";
import type { Registry } from "../registry.ts";
import type { Task } from "../tasks/task.ts";

/** Where a plan's names lead: the project's own files, the hub, and the user's files. */
export interface Sources extends ModelPlaces {
  /** The user's files, from the folder in which paths of a config begin. */
  readonly userFiles: Files;
  /** What of the hub a run directory was begun with, by its `plan.json`: it goes on with that, whatever is on the hub by now. */
  readonly commits?: Readonly<Record<string, string>> | undefined;
  /** Other than the registry's, in tests. */
  readonly tasks?: Registry<Task>;
}
