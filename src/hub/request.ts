import { Failure, messageOf, stopIfAborted } from "../errors.ts";
import type { RunningHash } from "../hash.ts";
import type { HashName } from "./running_hash.ts";
import { type HubSettings, isSafe } from "./settings.ts";

/** What a request needs of its host. */
export interface Network {
  readonly settings: HubSettings;
  fetch(url: URL, init: RequestInit): Promise<Response>;
  /** Resolves after so many milliseconds. */
  wait(milliseconds: number): Promise<void>;
  readonly signal?: AbortSignal;
  /** A faster one than ours, where the host has it. */
  hash?(name: HashName): RunningHash;
  /** Told what is waited for. */
  waiting?(why: string): void;
}

/** An answer that is none of 200 and 206. What it means is known to who asked. */
export class Refused extends Error {
  override readonly name = "Refused";
  constructor(readonly status: number, readonly url: URL) {
    super(`${url.host} answered ${status}`);
  }
}

/** The hub cannot be reached, or is out of order. */
export class Unreachable extends Failure {
  override readonly name = "Unreachable";
}

const MOST_REDIRECTS = 5;
/** Milliseconds before each further try. */
const PAUSES = [500, 1000, 2000, 4000, 8000];
/** Nobody waits longer, whatever the hub asks for. */
const LONGEST_PAUSE = 60_000;

/**
 * Gets an address of the hub, and tries again where it is busy or cannot be reached. A redirect to another host is followed without the
 * token, to https or this machine only.
 *
 * @throws Refused on any other answer than the file or a part of it
 * @throws Unreachable where no try got such an answer, or was sent in a circle or to where others read along
 */
export async function request(network: Network, url: URL, headers: Readonly<Record<string, string>> = {}) {
  for (let attempt = 0;; attempt++) {
    stopIfAborted(network.signal);
    const pause = PAUSES[attempt];
    let why: string;
    let wish: number | undefined;
    try {
      const response = await followed(network, url, headers);
      if (response.status === 200 || response.status === 206) return response;
      await response.body?.cancel();
      const isBusy = response.status === 429 || response.status >= 500;
      if (!isBusy) throw new Refused(response.status, url);
      why = busy(response.status, url);
      if (pause === undefined) throw new Unreachable(why);
      wish = secondsIn(response.headers.get("retry-after"));
    } catch (thrown) {
      stopIfAborted(network.signal);
      if (thrown instanceof Refused || thrown instanceof Unreachable) throw thrown;
      why = `${url.host} cannot be reached: ${messageOf(thrown)}`;
      if (pause === undefined) throw new Unreachable(why);
    }
    const milliseconds = Math.min(LONGEST_PAUSE, Math.max(pause, (wish ?? 0) * 1000));
    network.waiting?.(`${why}; trying again in ${Math.ceil(milliseconds / 1000)} s`);
    await network.wait(milliseconds);
  }
}

async function followed(network: Network, url: URL, headers: Readonly<Record<string, string>>): Promise<Response> {
  const { endpoint, token } = network.settings;
  let at = url;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const own: Record<string, string> = { ...headers };
    if (token && at.origin === endpoint.origin) own.authorization = `Bearer ${token}`;
    const response = await network.fetch(at, {
      headers: own,
      redirect: "manual",
      ...(network.signal ? { signal: network.signal } : {}),
    });
    const location = response.headers.get("location");
    if (response.status < 300 || response.status > 399 || location === null) return response;
    await response.body?.cancel();
    const next = URL.parse(location, at);
    if (!next || !isSafe(next)) {
      throw new Unreachable(`${at.host} leads to ${location}, which is not https; it is not followed`);
    }
    at = next;
  }
  throw new Unreachable(`${url.host} leads from one address to the next, more than ${MOST_REDIRECTS} times`);
}

function busy(status: number, url: URL): string {
  return status === 429
    ? `${url.host} has had too many requests from here`
    : `${url.host} answered ${status}, again and again`;
}

/** The header may hold a date instead, which is not waited for. */
function secondsIn(retryAfter: string | null): number | undefined {
  return retryAfter !== null && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : undefined;
}
