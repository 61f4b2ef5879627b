const LONGEST = 60;

/** A name that a file or folder can bear, made from what a person calls a thing: letters of any script, digits, '.', '_', '-'. */
export function safeName(called: string, otherwise: string): string {
  const stem = (called.split(/[/\\]/).at(-1) ?? "").replace(/\.gz$/i, "").replace(/\.(csv|tsv|jsonl|ndjson|txt)$/i, "");
  const name = stem.normalize("NFC").replaceAll(/[^\p{L}\p{M}\p{N}._-]+/gu, "-").replaceAll(/^[.-]+|[.-]+$/g, "");
  return [...name].slice(0, LONGEST).join("") || otherwise;
}

/** The name, or the name with the first number behind it that makes it free. */
export async function freeName(name: string, isTaken: (name: string) => Promise<boolean>): Promise<string> {
  for (let number = 1;; number++) {
    const candidate = number === 1 ? name : `${name}-${number}`;
    if (!(await isTaken(candidate))) return candidate;
  }
}
