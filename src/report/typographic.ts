/** Text with real minus signs and with percentages that no line end splits, for documents that nobody pastes into code. */
export function typographic(text: string): string {
  return text.replace(/(^|[\s[(])-(?=\d)/g, "$1\u2212").replace(/(\d) %/g, "$1\u00a0%");
}
