import { describe, expect, it } from "vitest";
import { InOrder } from "../../../web/host/in_order.ts";

const later = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

describe("work in order", () => {
  it("waits for what was asked for before on its name, and for nothing else", async () => {
    const order = new InOrder();
    const done: string[] = [];
    const work = (what: string, milliseconds: number) => async () => {
      await later(milliseconds);
      done.push(what);
      return what;
    };
    const results = [order.run("a", work("a1", 20)), order.run("a", work("a2", 0)), order.run("b", work("b1", 0))];
    expect(await Promise.all(results)).toEqual(["a1", "a2", "b1"]);
    expect(done).toEqual(["b1", "a1", "a2"]);
  });

  it("goes on after a failure, which is its own", async () => {
    const order = new InOrder();
    const failed = order.run("a", () => Promise.reject(new Error("no")));
    const next = order.run("a", () => Promise.resolve(1));
    await expect(failed).rejects.toThrow("no");
    expect(await next).toBe(1);
  });
});
