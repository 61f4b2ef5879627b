import type { Files } from "../host.ts";
import type { Registry } from "../registry.ts";
import type { Task } from "../tasks/task.ts";

/** Where a plan's names lead: the project's own files, and the user's. */
export interface Sources {
  /** The project's files, from its root. */
  readonly assets: Files;
  /** The user's files, from the folder in which paths of a config begin. */
  readonly userFiles: Files;
  /** Other than the registry's, in tests. */
  readonly tasks?: Registry<Task>;
}
