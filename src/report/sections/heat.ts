/** The class of a table cell whose ground shows a share of 0 to 1, in eleven steps; the ink stays readable on each. */
export function heat(share: number): string {
  return `heat-${Math.round(Math.max(0, Math.min(1, share)) * 10)}`;
}
