import { InputError } from "../errors.ts";
import type { Repository } from "./repository.ts";
import type { Choose, Snapshot } from "./snapshot.ts";

/** The hub, and what was fetched from it before, as plans use them. */
export interface Hub {
  /**
   * The files of a repository that are wanted, on this machine.
   *
   * @throws InputError where the repository is not there, not for this person, or lacks what is needed; Failure where it cannot be fetched
   */
  snapshot(repository: Repository, choose: Choose): Promise<Snapshot>;
}

/** @throws InputError where this host asks no hub */
export function requireHub(hub: Hub | undefined, name: string): Hub {
  if (hub) return hub;
  throw new InputError(`'${name}' is on the hub, which is not asked from here. Give its files`);
}
