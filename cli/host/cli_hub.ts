import { join } from "node:path";
import { Failure } from "../../src/errors.ts";
import type { CacheFiles } from "../../src/hub/cache_files.ts";
import { type Hub, openHub } from "../../src/hub/hub.ts";
import { Unreachable } from "../../src/hub/request.ts";
import { readHubSettings } from "../../src/hub/settings.ts";
import type { Io } from "../command.ts";
import { FetchLine } from "../run/fetch_line.ts";
import { denoClock } from "./deno_clock.ts";
import { DenoFiles } from "./deno_files.ts";
import { environment } from "./environment.ts";

/** The hub that the environment names, with what was fetched from it before. Nothing is asked of it until a plan needs it. */
export function cliHub(io: Io): Hub {
  return {
    async snapshot(repository, choose) {
      const network = { settings: readHubSettings(environment), fetch: permitted, wait, signal: io.signal };
      const line = new FetchLine(io, () => denoClock.now());
      try {
        return await openHub(network, hubCache(), (progress) => line.see(progress)).snapshot(repository, choose);
      } finally {
        line.end();
      }
    },
  };
}

/**
 * The folder that all runs on this machine share.
 *
 * @throws Failure where there is none to be had
 */
export function hubCache(): CacheFiles {
  const folder = environment("PUPIL_CACHE");
  if (folder !== undefined) return new DenoFiles(join(folder, "hub"));
  throw new Failure(
    "there is no folder for what is fetched: set HOME or XDG_CACHE_HOME, to one without a comma in its name",
  );
}

/** The launcher names the hosts that may be asked; one that it does not name is no matter of trying again. */
async function permitted(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (thrown) {
    if (!(thrown instanceof Deno.errors.NotCapable)) throw thrown;
    throw new Unreachable(`the hub leads to ${url.host}, which is none of its hosts; it is not followed`);
  }
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
