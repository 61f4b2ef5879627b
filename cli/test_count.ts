/** How tests ended. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const nothing: Count = { passed: 0, failed: 0, skipped: 0 };

export function add(a: Count, b: Count): Count {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

export function summaryLine({ passed, failed, skipped }: Count): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/** What is read of Vitest's JSON report. */
interface VitestReport {
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/**
 * Counts a Vitest run by its JSON report. A file that failed without a failing test, since it does not load or its hook throws, is
 * one failure; so is a run that failed without any of these, or left no report.
 */
export function countVitest(report: string | undefined, success: boolean): Count {
  if (report === undefined) return { ...nothing, failed: 1 };
  const { testResults } = JSON.parse(report) as VitestReport;
  const statuses = testResults.flatMap(({ assertionResults }) => assertionResults.map(({ status }) => status));
  const passed = statuses.filter((status) => status === "passed").length;
  const failing = statuses.filter((status) => status === "failed").length;
  const broken =
    testResults.filter(({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((assertion) => assertion.status === "failed")
    ).length;
  const failed = failing + broken;
  return { passed, failed: failed === 0 && !success ? 1 : failed, skipped: statuses.length - passed - failing };
}
