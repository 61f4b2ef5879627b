/** Names whose import in deno.json is not one exact version of the npm package of that name. */
export function loosePins(imports: Readonly<Record<string, string>>): string[] {
  return Object.entries(imports)
    .filter(([name, target]) => !target.startsWith(`npm:${name}@`) || !/@\d+\.\d+\.\d+(-[\w.]+)?$/.test(target))
    .map(([name]) => name);
}

/** Names that no line of the page on choices gives between backticks. */
export function undocumented(names: readonly string[], page: string): string[] {
  return names.filter((name) => !page.includes(`\`${name}\``));
}
