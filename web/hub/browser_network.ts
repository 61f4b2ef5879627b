import { messageOf } from "../../src/errors.ts";
import { type Network, Unreachable } from "../../src/hub/request.ts";
import { type HubSettings, isSafe } from "../../src/hub/settings.ts";
import { waited } from "../../src/hub/waited.ts";

/** What a fetch is told to be, and tells. */
export interface Watched {
  readonly signal: AbortSignal;
  waiting(why: string): void;
}

/** What of the browser it uses; tests have their own. */
export interface Browser {
  fetch(url: URL, init: RequestInit): Promise<Response>;
  /** How often the page's policy has refused a connection so far. */
  refusals(): number;
}

/**
 * The hub, as a browser lets a Worker ask it: redirects are the browser's to follow, and a page never sees them, so that where an answer
 * came from is looked at once it is there.
 *
 * @param allow what a host that sends a policy has to allow
 */
export function browserNetwork(settings: HubSettings, allow: string, watched: Watched, browser: Browser): Network {
  return {
    settings,
    signal: watched.signal,
    waiting: (why) => watched.waiting(why),
    wait: (milliseconds) => waited(milliseconds, watched.signal),
    async fetch(url, init) {
      const before = browser.refusals();
      const response = await browser.fetch(url, {
        ...init,
        redirect: "follow",
        credentials: "omit",
        referrerPolicy: "no-referrer",
        // It is kept already, and a copy would take the place of what is wanted.
        cache: "no-store",
      }).catch(async (thrown) => {
        // The browser tells of what its policy refused a moment after the refusal.
        await waited(0, watched.signal);
        if (browser.refusals() > before) throw new Unreachable(forbidden(url, allow));
        // It says no more of a request that failed, so that a page cannot learn what is behind a wall.
        throw new Error(navigator.onLine === false ? "there is no connection" : messageOf(thrown), { cause: thrown });
      });
      const end = URL.parse(response.url);
      if (end && isSafe(end)) return response;
      await response.body?.cancel();
      throw new Unreachable(`${url.host} leads to ${response.url}, which is not https; it is not taken`);
    },
  };
}

function forbidden(url: URL, allow: string): string {
  return `the host of this page lets it ask neither ${url.host} nor where that leads to. Whoever hosts it has to send ` +
    `the file assets/fetch_worker-*.js with a Content-Security-Policy of connect-src ${allow}`;
}
