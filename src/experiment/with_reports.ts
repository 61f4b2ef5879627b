import { Interrupted } from "../errors.ts";

/**
 * Runs asynchronous work that reports as it goes, and gives its reports as they come, then its result. A report waits until it
 * has been taken: who does not ask for the next holds the work, so pausing needs no code of its own. Who stops asking for good
 * ends the work: its next report throws {@link Interrupted}, so that it can let go of what it holds.
 */
export async function* withReports<Report, Result>(
  work: (report: (report: Report) => Promise<void>) => Promise<Result>,
): AsyncGenerator<Report, Result> {
  const waiting: { report: Report; taken: () => void; abandoned: (why: Interrupted) => void }[] = [];
  let wake = () => {};
  let settled = false;
  let left = false;
  const result = work((report) =>
    new Promise((taken, abandoned) => {
      if (left) return abandoned(new Interrupted());
      waiting.push({ report, taken, abandoned });
      wake();
    })
  ).finally(() => {
    settled = true;
    wake();
  });
  // Awaited below; until then a rejection is no unhandled one.
  const ended = result.then(() => {}, () => {});
  try {
    while (true) {
      const next = waiting[0];
      if (next) {
        yield next.report;
        waiting.shift();
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
  } finally {
    left = true;
    for (const { abandoned } of waiting.splice(0)) abandoned(new Interrupted());
    await ended;
  }
}
