/**
 * Area under a learning curve (thesis 3.2): the sum over rounds of the mean over seeds of the metric. With K + 1 points its
 * unit is the metric's times K + 1; it is not divided by the number of rounds.
 *
 * @param seeds one curve a seed, all of one length
 */
export function aulc(seeds: readonly (readonly number[])[]): number {
  const rounds = seeds[0]?.length ?? 0;
  if (rounds === 0) throw new RangeError("an area needs at least one seed and one round");
  if (seeds.some((scores) => scores.length !== rounds)) throw new RangeError("curves of one area differ in length");
  let area = 0;
  for (let round = 0; round < rounds; round++) {
    let sum = 0;
    for (const scores of seeds) sum += scores[round]!;
    area += sum / seeds.length;
  }
  return area;
}
