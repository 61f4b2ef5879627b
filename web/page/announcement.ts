import type { LabState } from "../engine/api.ts";
import type { Texts } from "../texts/texts.ts";

/** One sentence a round, for who does not see the curves grow; nothing where no round is done that was not before. */
export function announcement(before: LabState | undefined, now: LabState, { lab, label }: Texts): string | undefined {
  const points = pointsOf(now);
  if (points <= pointsOf(before)) return undefined;
  const ofPerson = now.settings.oracle === "person";
  const scores = now.arms.flatMap(({ relation, acquisition, scores }, index) => {
    const value = scores[points - 1]?.toLocaleString(lab.locale, { maximumFractionDigits: 3 });
    const name = ofPerson ? [label.you, label.twin][index] : lab.arm(relation, acquisition);
    return value === undefined ? [] : [`${name}: ${value}`];
  });
  return lab.roundDone(points - 1, now.counts[points - 1]!, scores.join(", "));
}

/** Points that every curve which has begun has. */
function pointsOf(state: LabState | undefined): number {
  return (state?.arms ?? []).flatMap(({ scores }) => scores.length || []).sort((a, b) => a - b)[0] ?? 0;
}
