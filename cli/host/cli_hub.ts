import { join } from "node:path";
import { Failure, messageOf } from "../../src/errors.ts";
import type { CacheFiles } from "../../src/hub/cache_files.ts";
import type { Hub } from "../../src/hub/hub.ts";
import { openHub } from "../../src/hub/open_hub.ts";
import { type Network, Unreachable } from "../../src/hub/request.ts";
import { readHubSettings } from "../../src/hub/settings.ts";
import { waited } from "../../src/hub/waited.ts";
import type { Io } from "../command.ts";
import { FetchLine } from "../run/fetch_line.ts";
import { denoClock } from "./deno_clock.ts";
import { DenoFiles } from "./deno_files.ts";
import { environment } from "./environment.ts";
import { nativeHash } from "./native_hash.ts";

/** The hub that the environment names, with what was fetched from it before. Nothing is asked of it until a plan needs it. */
export function cliHub(io: Io): Hub {
  return {
    async snapshot(repository, choose) {
      const line = new FetchLine(io, () => denoClock.now());
      const network: Network = {
        settings: readHubSettings(environment),
        fetch: permitted,
        wait: (milliseconds) => waited(milliseconds, io.signal),
        signal: io.signal,
        hash: nativeHash,
        waiting: (why) => line.wait(why),
      };
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
    if (!(thrown instanceof Deno.errors.NotCapable)) throw new Error(reasonOf(thrown), { cause: thrown });
    throw new Unreachable(`the hub leads to ${url.host}, which is none of its hosts; it is not followed`);
  }
}

/** Deno says in the cause of a failed fetch what it failed of, after the address, which the person has seen. */
function reasonOf(thrown: unknown): string {
  const said = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause.message : messageOf(thrown);
  return said.replace(/^error sending request for url \(.*?\): (client error \(\w+\): )?/, "");
}
