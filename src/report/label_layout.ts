/**
 * Moves labels apart along one axis: each as near as may be to where it wants to be, `gap` from the next, all within
 * [low, high] where they fit.
 *
 * @param wanted where each label wants its middle, in any order
 * @returns where each goes, in the same order
 */
export function spreadLabels(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((_, index) => index).sort((a, b) => wanted[a]! - wanted[b]! || a - b);
  // Labels that touch move as one block, around the mean of where they want to be.
  const blocks: { members: number[]; start: number }[] = [];
  const startOf = (members: readonly number[]) => {
    const middle = members.reduce((sum, index) => sum + wanted[index]!, 0) / members.length;
    const half = (gap * (members.length - 1)) / 2;
    return Math.max(low, Math.min(middle, high - half) - half);
  };
  for (const index of order) {
    let block = { members: [index], start: startOf([index]) };
    for (
      let before = blocks.at(-1);
      before && before.start + gap * before.members.length > block.start;
      before = blocks.at(-1)
    ) {
      blocks.pop();
      const members = [...before.members, ...block.members];
      block = { members, start: startOf(members) };
    }
    blocks.push(block);
  }
  const placed: number[] = [];
  for (const { members, start } of blocks) {
    members.forEach((index, position) => placed[index] = start + gap * position);
  }
  return placed;
}
