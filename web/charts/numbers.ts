const formats = new Map<string, Intl.NumberFormat>();

/** A number in a language's manner, with exactly so many decimals. */
export function decimal(value: number, digits: number, locale: string): string {
  const key = `${locale} ${digits}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    formats.set(key, format);
  }
  return format.format(value);
}
