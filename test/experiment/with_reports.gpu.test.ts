import { describe, expect, it } from "vitest";
import { Interrupted } from "../../src/errors.ts";
import { withReports } from "../../src/experiment/with_reports.ts";

async function takeAll<R, T>(events: AsyncGenerator<R, T>): Promise<{ reports: R[]; result: T }> {
  const reports: R[] = [];
  while (true) {
    const next = await events.next();
    if (next.done) return { reports, result: next.value };
    reports.push(next.value);
  }
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

describe("work that reports", () => {
  it("gives its reports in order, then its result", async () => {
    const work = withReports<number, string>(async (report) => {
      for (const number of [1, 2, 3]) await report(number);
      await turn();
      await report(4);
      return "done";
    });
    expect(await takeAll(work)).toEqual({ reports: [1, 2, 3, 4], result: "done" });
  });

  it("may report nothing, or several things at once", async () => {
    expect(await takeAll(withReports<number, string>(() => Promise.resolve("done")))).toEqual({
      reports: [],
      result: "done",
    });
    const both = withReports<number, string>(async (report) => {
      await Promise.all([report(1), report(2)]);
      return "done";
    });
    expect(await takeAll(both)).toEqual({ reports: [1, 2], result: "done" });
  });

  it("passes on what the work throws, after the reports before it", async () => {
    const reports: number[] = [];
    const failing = (async () => {
      for await (
        const report of withReports<number, void>(async (report) => {
          await report(1);
          throw new Error("diverged");
        })
      ) reports.push(report);
    })();
    await expect(failing).rejects.toThrow("diverged");
    expect(reports).toEqual([1]);
  });

  it("waits while nobody asks for the next report: that is a pause", async () => {
    const reached: number[] = [];
    const events = withReports<number, void>(async (report) => {
      for (const number of [1, 2, 3]) {
        reached.push(number);
        await report(number);
      }
    });
    await events.next();
    await turn();
    expect(reached).toEqual([1]);
    await events.next();
    await turn();
    expect(reached).toEqual([1, 2]);
    await events.return();
  });

  it("ends once nobody will ask any more, and has let go of what it held by then", async () => {
    let held = true;
    let thrown: unknown;
    const events = withReports<number, void>(async (report) => {
      try {
        for (const number of [1, 2, 3]) await report(number);
      } catch (reason) {
        thrown = reason;
        throw reason;
      } finally {
        await turn();
        held = false;
      }
    });
    for await (const _report of events) break;
    expect(held).toBe(false);
    expect(thrown).toBeInstanceOf(Interrupted);
  });
});
