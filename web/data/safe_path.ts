/** A path as an archive gives it, with '/' between its segments; undefined where it leads out of the folder, or nowhere. */
export function safePath(given: string): string | undefined {
  const path = given.replaceAll("\\", "/").replace(/^(\.\/)+/, "");
  // deno-lint-ignore no-control-regex
  if (/^\/|^[A-Za-z]:|[\u0000-\u001f]/.test(path)) return undefined;
  const segments = path.split("/");
  return segments.every((segment) => segment !== "" && segment !== "." && segment !== "..") ? path : undefined;
}
