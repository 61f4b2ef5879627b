import type { Interval } from "./bootstrap.ts";

export type Verdict =
  | Finding
  | `${Finding}, uncertain`
  | "undefined: self-selection does not beat random"
  | "undefined: self-selection may not beat random";

/** What a REU says by itself (thesis 3.2). */
export type Finding = "better than self" | "reusable" | "worse than random";

/** What a REU can be judged by. Intervals are null where there are fewer than two seeds. */
export interface Evidence {
  readonly reu: number | null;
  readonly reuInterval: Interval | null;
  readonly selfMinusRandom: number;
  readonly selfMinusRandomInterval: Interval | null;
}

/**
 * What may be said of a REU: nothing where its denominator is not positive, or not surely so; else what the number says, with
 * a warning where the interval reaches into another finding.
 */
export function verdict({ reu, reuInterval, selfMinusRandom, selfMinusRandomInterval }: Evidence): Verdict {
  if (reu === null || selfMinusRandom <= 0) return "undefined: self-selection does not beat random";
  if (selfMinusRandomInterval && selfMinusRandomInterval[0] <= 0 && selfMinusRandomInterval[1] >= 0) {
    return "undefined: self-selection may not beat random";
  }
  const finding = findingOf(reu);
  const crosses = reuInterval?.some((bound) => findingOf(bound) !== finding) ?? false;
  return crosses ? `${finding}, uncertain` : finding;
}

/** What a verdict finds; undefined where it finds nothing. */
export function foundBy(verdict: Verdict): Finding | undefined {
  const findings: readonly Finding[] = ["better than self", "reusable", "worse than random"];
  return findings.find((finding) => verdict.startsWith(finding));
}

export function isUncertain(verdict: Verdict): boolean {
  return verdict.endsWith(", uncertain");
}

function findingOf(reu: number): Finding {
  if (reu >= 0) return "better than self";
  return reu > -1 ? "reusable" : "worse than random";
}
