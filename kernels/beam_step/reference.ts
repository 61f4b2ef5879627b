/** A way on: token `token` after beam `beam` of its example. */
export interface Continuation {
  /** The beam's accumulated log-probability with the token's; LOWEST for an entry that does not exist. */
  readonly score: number;
  readonly beam: number;
  readonly token: number;
}

export interface BeamStepReference {
  /** Everything that may follow, best first. */
  readonly all: Continuation[];
  /** The 2B best. */
  readonly candidates: Continuation[];
  /** The B best of them that do not end. */
  readonly next: Continuation[];
}

export interface BeamStepRules {
  readonly endOfSequence?: number;
  readonly isForbidden?: (beam: number, token: number) => boolean;
  /** The only token that may follow a beam; undefined or negative where it is free. */
  readonly forced?: (beam: number) => number | undefined;
}

const LOWEST = Math.fround(-3.402823e38);

/** What stands where there is no candidate. */
export const NO_CONTINUATION: Continuation = { score: LOWEST, beam: 0, token: 0 };

/**
 * The oracle, in float64: one step of beam search of one example, by the definitions. Of equal scores the lower beam comes
 * first, then the higher logit, then the lower token.
 *
 * @throws RangeError where a logit or a score is NaN or infinite
 */
export function beamStepReference(
  logits: readonly (readonly number[])[],
  scores: readonly number[],
  { endOfSequence, isForbidden = () => false, forced = () => undefined }: BeamStepRules = {},
): BeamStepReference {
  const found = logits.flatMap((given, beam) => {
    if (![...given, scores[beam]!].every(Number.isFinite)) throw new RangeError("a logit or score is NaN or infinite");
    const row = given.map((x) => Math.max(x, LOWEST));
    const only = forced(beam) ?? -1;
    if (only >= 0) return [{ score: scores[beam]!, beam, token: only, logit: 0 }];
    const max = row.reduce((a, b) => Math.max(a, b));
    const logSum = Math.log(row.reduce((total, x) => total + Math.exp(x - max), 0));
    return row
      .map((logit, token) => ({ score: scores[beam]! + Math.max(logit - max - logSum, LOWEST), beam, token, logit }))
      .filter(({ token }) => !isForbidden(beam, token));
  });
  const ranked: Continuation[] = found
    .filter(({ score }) => score > LOWEST)
    .sort((a, b) => b.score - a.score || a.beam - b.beam || b.logit - a.logit || a.token - b.token)
    .map(({ score, beam, token }) => ({ score, beam, token }));
  const beams = scores.length;
  return {
    all: ranked,
    candidates: padded(ranked, 2 * beams),
    next: padded(ranked.filter(({ token }) => token !== endOfSequence), beams),
  };
}

function padded(entries: readonly Continuation[], count: number): Continuation[] {
  return Array.from({ length: count }, (_, index) => entries[index] ?? NO_CONTINUATION);
}
