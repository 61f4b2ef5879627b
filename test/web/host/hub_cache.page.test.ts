/// <reference lib="dom" />
import { proxy, type Remote, wrap } from "comlink";
import { afterEach, expect, it } from "vitest";
import type { FetchNews } from "../../../web/hub/model_fetcher.ts";
import type { HubTab } from "./hub_worker.ts";

const workers: Worker[] = [];

function openTab(): Remote<HubTab> {
  const worker = new Worker(new URL("./hub_worker.ts", import.meta.url), { type: "module" });
  workers.push(worker);
  return wrap<HubTab>(worker);
}

afterEach(() => {
  for (const worker of workers.splice(0)) worker.terminate();
});

it("a model that one tab fetches is waited for by another, which goes on where the first was closed", async () => {
  const [first, second] = [openTab(), openTab()];
  await first.remove();
  const told: FetchNews[][] = [[], []];
  const hear = (list: FetchNews[]) => proxy((news: FetchNews) => void list.push(news));
  void first.fetch(hear(told[0]!), 8_500_000);
  await expect.poll(() => told[0]!.some((news) => "progress" in news && news.progress.bytes > 8_000_000), {
    timeout: 20_000,
  }).toBe(true);
  const fetched = second.fetch(hear(told[1]!));
  await expect.poll(() => told[1]).toEqual([{ waiting: "owner/name is being fetched elsewhere; waiting for that" }]);
  workers[0]!.terminate();
  expect(await fetched).toEqual(["bytes=8500000-"]);
  expect(await second.kept()).toEqual({ "config.json": 22, "model.safetensors": 9_000_000, "tokenizer.json": 2 });
  expect(told[1]!.at(-1)).toEqual({ progress: { repository: "owner/name", bytes: 9_000_024, total: 9_000_024 } });
  await second.remove();
  expect(await second.kept()).toEqual({});
});
