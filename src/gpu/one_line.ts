/** What a compiler or driver said, on one line. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
