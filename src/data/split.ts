import { hash } from "../hash.ts";

export interface Split<T> {
  readonly train: readonly T[];
  readonly test: readonly T[];
}

/**
 * Splits by a hash of the text: about the fraction `test` of the different texts goes to the test part. A text is always on
 * the same side, whatever stands beside it, so no test text is trained on and new rows move no old ones.
 */
export function splitByText<T extends { readonly text: string }>(items: readonly T[], test: number): Split<T> {
  if (!(test > 0 && test < 1)) throw new RangeError(`the test fraction ${test} is not between 0 and 1`);
  const isTest = ({ text }: T) => Number.parseInt(hash(`split:${text}`, 8), 16) / 0x1_0000_0000 < test;
  return { train: items.filter((item) => !isTest(item)), test: items.filter(isTest) };
}
