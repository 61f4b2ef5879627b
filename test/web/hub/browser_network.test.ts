import { describe, expect, it } from "vitest";
import { Interrupted } from "../../../src/errors.ts";
import { request, Unreachable } from "../../../src/hub/request.ts";
import { readHubSettings } from "../../../src/hub/settings.ts";
import { browserNetwork } from "../../../web/hub/browser_network.ts";

const settings = readHubSettings(() => undefined);
const address = new URL("https://huggingface.co/gpt2/resolve/main/config.json");

/** An answer as a browser gives it: with the address where redirects ended. */
function answerFrom(url: string): Response {
  return Object.defineProperty(new Response("{}"), "url", { value: url });
}

function open(answer: () => Promise<Response>, refusals: () => number = () => 0, stop = new AbortController()) {
  const asked: RequestInit[] = [];
  const waits: string[] = [];
  const fetch = (_url: URL, init: RequestInit) => {
    asked.push(init);
    return answer();
  };
  const watched = { signal: stop.signal, waiting: (why: string) => void waits.push(why) };
  return { network: browserNetwork(settings, "https://*.hf.co", watched, { fetch, refusals }), asked, waits };
}

describe("the hub, as a browser asks it,", () => {
  it("sees no cookie, no address of the page and no token; redirects are the browser's", async () => {
    const { network, asked } = open(() => Promise.resolve(answerFrom("https://cdn.hf.co/x")));
    expect(await (await request(network, address, { range: "bytes=2-" })).text()).toBe("{}");
    const [{ headers, signal: _, ...init }] = asked as [RequestInit];
    expect(headers).toEqual({ range: "bytes=2-" });
    expect(init).toEqual({
      redirect: "follow",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      cache: "no-store",
    });
  });

  it.each(["http://cdn.hf.co/x", "ftp://cdn.hf.co/x", ""])(
    "is not believed where an answer is of '%s'",
    async (url) => {
      const { network } = open(() => Promise.resolve(answerFrom(url)));
      await expect(request(network, address)).rejects.toThrow(
        `huggingface.co leads to ${url}, which is not https; it is not taken`,
      );
    },
  );

  it("is not asked again where the page's host forbids it, and the person hears what to allow", async () => {
    let refused = 0;
    const { network, asked } = open(() => {
      // The browser tells of it a moment later.
      setTimeout(() => refused++);
      return Promise.reject(new TypeError("Failed to fetch"));
    }, () => refused);
    const thrown = await request(network, address).catch((reason: unknown) => reason);
    expect(thrown).toBeInstanceOf(Unreachable);
    expect((thrown as Error).message).toMatch(/fetch_worker-\*\.js with a .* of connect-src https:\/\/\*\.hf\.co$/);
    expect(asked).toHaveLength(1);
  });

  it("is asked again where it cannot be reached, until that is cancelled", async () => {
    const stop = new AbortController();
    const { network, waits } = open(() => Promise.reject(new TypeError("Failed to fetch")), () => 0, stop);
    const ended = request(network, address).catch((reason: unknown) => reason);
    await expect.poll(() => waits).toEqual(["huggingface.co cannot be reached: Failed to fetch; trying again in 1 s"]);
    stop.abort();
    expect(await ended).toBeInstanceOf(Interrupted);
  });
});
