import { describe, expect, it } from "vitest";
import { add, countVitest, summaryLine } from "../../cli/test_count.ts";

const report = (...files: { status: string; tests: string[] }[]) =>
  JSON.stringify({
    testResults: files.map(({ status, tests }) => ({
      status,
      assertionResults: tests.map((each) => ({ status: each })),
    })),
  });

describe("counting tests", () => {
  it("counts tests, not files", () => {
    const files = [{ status: "passed", tests: ["passed", "passed", "skipped"] }, {
      status: "failed",
      tests: ["failed", "passed"],
    }];
    expect(countVitest(report(...files), false)).toEqual({ passed: 3, failed: 1, skipped: 1 });
  });

  it("counts a file that does not load as a failure, and a file without tests as nothing", () => {
    expect(countVitest(report({ status: "failed", tests: [] }), false).failed).toBe(1);
    expect(countVitest(report({ status: "failed", tests: ["passed", "skipped"] }), false).failed).toBe(1);
    expect(countVitest(report(), true)).toEqual({ passed: 0, failed: 0, skipped: 0 });
  });

  it("never calls a failed run a success", () => {
    expect(countVitest(undefined, true).failed).toBe(1);
    expect(countVitest(report({ status: "passed", tests: ["passed"] }), false)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
    });
  });

  it("sums up in one line", () => {
    const sum = add({ passed: 2, failed: 0, skipped: 0 }, { passed: 3, failed: 1, skipped: 0 });
    expect(summaryLine(sum)).toBe("5 passed, 1 failed");
    expect(summaryLine(add(sum, { passed: 0, failed: 0, skipped: 4 }))).toBe("5 passed, 1 failed, 4 skipped");
  });
});
