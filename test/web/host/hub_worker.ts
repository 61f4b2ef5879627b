/// <reference lib="dom" />
/// <reference lib="dom.asynciterable" />
/// <reference lib="webworker" />
import { expose } from "comlink";
import { hash } from "../../../src/hash.ts";
import { OpfsFiles } from "../../../web/host/opfs_files.ts";
import { hubCache } from "../../../web/hub/hub_cache.ts";
import { type FetchNews, modelFetcher } from "../../../web/hub/model_fetcher.ts";

// Not awaited here: a message that comes before `expose` would be lost.
const opened = OpfsFiles.open();
const encoder = new TextEncoder();

/** More than is written at a time. */
const WEIGHTS = new Uint8Array(9_000_000).fill(7);
const REPOSITORY = new Map([
  ["config.json", encoder.encode('{"model_type": "bert"}')],
  ["model.safetensors", WEIGHTS],
  ["tokenizer.json", encoder.encode("{}")],
]);
const listing = {
  sha: "0".repeat(40),
  siblings: [...REPOSITORY].map(([rfilename, bytes]) => ({
    rfilename,
    lfs: { sha256: hash(bytes), size: bytes.length },
  })),
};

/** A Worker that fetches, from a hub of its own. */
const tab = {
  /** @param comes so many bytes of the weights come, and then nothing more, without an end */
  async fetch(watch: (news: FetchNews) => void, comes?: number): Promise<string[]> {
    const ranges: string[] = [];
    const answer = (url: URL, init: RequestInit): Response => {
      const bytes = REPOSITORY.get(url.pathname.split("/").at(-1)!);
      if (!bytes) return Response.json(listing);
      const range = new Headers(init.headers).get("range");
      if (range) ranges.push(range);
      const start = Number(/\d+/.exec(range ?? "")?.[0] ?? 0);
      const isStuck = bytes === WEIGHTS && comes !== undefined;
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(bytes.slice(start, isStuck ? comes : undefined));
          if (!isStuck) controller.close();
        },
      });
      return new Response(body, { status: start > 0 ? 206 : 200 });
    };
    const fetcher = modelFetcher(
      { endpoint: new URL("https://hub.example/"), sources: [] },
      hubCache(await opened),
      {
        fetch: (url, init) => Promise.resolve(Object.defineProperty(answer(url, init), "url", { value: String(url) })),
        refusals: () => 0,
      },
    );
    await fetcher.fetch("owner/name", "main", watch);
    return ranges;
  },
  async kept(): Promise<Record<string, number>> {
    const folder = `hub/models--owner--name/${listing.sha}`;
    return Object.fromEntries(
      (await (await opened).sizeOf(folder)).map(({ path, bytes }) => [path.slice(folder.length + 1), bytes]),
    );
  },
  remove: async () => await (await opened).remove("hub/models--owner--name"),
};

export type HubTab = typeof tab;

expose(tab);
