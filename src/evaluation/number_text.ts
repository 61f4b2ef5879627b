import { confidence, type Interval } from "./bootstrap.ts";

/** An area or a REU, to `digits` decimals; never "-0.000". */
export function decimal(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text;
}

/** With its sign, as differences are written. */
export function signed(value: number, digits: number): string {
  const text = decimal(value, digits);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/** "[-0.310, +0.050]", or "no interval". */
export function intervalText(interval: Interval | null, digits: number): string {
  return interval ? `[${signed(interval[0], digits)}, ${signed(interval[1], digits)}]` : "no interval";
}

/** "95 %". */
export const confidenceText = percent(confidence);

/** A share as a whole percentage. */
export function percent(share: number): string {
  return `${decimal(share * 100, 0)} %`;
}

/** "a", "a and b", "a, b and c". */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}
