/** What no text of the project says: it speaks of itself, to whoever has it, on whatever machine. */
const stray: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["a folder of one machine", /(?<![\w.~-])\/(?:work|workspace|home|root|Users|mnt)\/\w|\/tmp\/\w/],
  ["the host of a registry", /\bregistry\.(?:npmjs|yarnpkg|npmmirror)\b/],
  ["the number of an issue", /\b(?:issue|bug|ticket|PR|pull request)s? ?#\d/i],
  ["a session of work", /\b(?:this|our|last|next|previous|earlier|later|other) sessions?\b/i],
  // In brackets, so that this line is none.
  ["something left to do", /\b(?:TO[D]O|FIX[M]E|XX[X])\b/],
];

/** Each such place in a text, one line each. */
export function strayTexts(path: string, text: string): string[] {
  return text.split("\n").flatMap((line, index) =>
    stray.filter(([, pattern]) => pattern.test(line)).map(([what, pattern]) =>
      `${path}:${index + 1}: ${what}: ${pattern.exec(line)![0]}`
    )
  );
}
