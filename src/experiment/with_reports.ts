/**
 * Runs asynchronous work that reports as it goes, and gives its reports as they come, then its result. A report waits until it
 * has been taken: who does not ask for the next holds the work, so pausing needs no code of its own.
 */
export async function* withReports<Report, Result>(
  work: (report: (report: Report) => Promise<void>) => Promise<Result>,
): AsyncGenerator<Report, Result> {
  const waiting: { report: Report; taken: () => void }[] = [];
  let wake = () => {};
  let settled = false;
  const result = work((report) =>
    new Promise((taken) => {
      waiting.push({ report, taken });
      wake();
    })
  ).finally(() => {
    settled = true;
    wake();
  });
  // Awaited below; until then a rejection is no unhandled one.
  result.catch(() => {});
  while (true) {
    const next = waiting.shift();
    if (next) {
      yield next.report;
      next.taken();
    } else if (settled) {
      return await result;
    } else {
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (waiting.length > 0 || settled) resolve();
      });
    }
  }
}
