import { expect, it } from "vitest";
import { waited } from "../../src/hub/waited.ts";

const LONG = 60_000;

it("a wait ends with its time", async () => {
  const began = performance.now();
  await waited(20, new AbortController().signal);
  expect(performance.now() - began).toBeGreaterThanOrEqual(15);
});

it("a wait ends when all is stopped, and where that was before it began", async () => {
  const stopping = new AbortController();
  const waiting = waited(LONG, stopping.signal);
  stopping.abort();
  await waiting;
  await waited(LONG, stopping.signal);
}, 10_000);
