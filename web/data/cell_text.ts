/** A cell of a table as text: what a person reads in a preview. Lists and objects are shown as JSON. */
export function cellText(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
