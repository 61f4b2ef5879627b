/** A number in a language's manner. */
export const num = (value: number, locale: string) => value.toLocaleString(locale);

/** A size as a person reads it. */
export const size = (bytes: number, locale: string, units: readonly [string, string, string]) => {
  const [kilo, mega] = [bytes / 1e3, bytes / 1e6];
  const number = (value: number) => value.toLocaleString(locale, { maximumFractionDigits: value < 10 ? 1 : 0 });
  if (mega >= 1000) return `${number(mega / 1000)} ${units[2]}`;
  return mega >= 1 ? `${number(mega)} ${units[1]}` : `${number(kilo)} ${units[0]}`;
};

/** A span of time, to the unit that matters. */
export const span = (milliseconds: number, locale: string) => {
  const minutes = milliseconds / 60_000;
  const [value, unit] = minutes < 1
    ? [minutes * 60, "second"]
    : minutes < 90
    ? [minutes, "minute"]
    : [minutes / 60, "hour"];
  return Math.max(1, Math.round(value)).toLocaleString(locale, { style: "unit", unit, unitDisplay: "short" });
};

/** A name within a sentence: one that is written from right to left, or tries to be, turns nothing but itself. */
export const apart = (name: string) => `\u2068${name}\u2069`;

/** Items one after another, with a word before the last. */
export function listed(items: readonly string[], and: string): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} ${and} ${items.at(-1)}`;
}
