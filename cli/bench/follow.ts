import { duration } from "../run/duration.ts";
import type { StatusLine } from "../run/status_line.ts";

/** What happens while a bench measures, as all benches tell it. */
export type Step<Row> =
  /** `what` is being measured now; `done` is the share of all that is behind. */
  | { readonly what: string; readonly done: number }
  /** One thing is measured; `line` says the result. */
  | { readonly row: Row; readonly line: string };

/** Shows a bench's progress on stderr, with the time that is left, and gives its rows. */
export async function follow<Row>(
  steps: AsyncIterable<Step<Row>>,
  progress: StatusLine,
  now: () => number,
): Promise<Row[]> {
  const began = now();
  const rows: Row[] = [];
  try {
    for await (const step of steps) {
      if ("row" in step) {
        rows.push(step.row);
        progress.line(step.line);
      } else {
        const { what, done } = step;
        const left = done > 0 ? `, about ${duration((now() - began) / done * (1 - done))} left` : "";
        progress.status(`${what}${left}`);
      }
    }
  } finally {
    progress.clear();
  }
  return rows;
}
