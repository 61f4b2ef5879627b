/** What a sender repeats from other mails. */

/** `>` at the line's beginning, perhaps after the initials of who is quoted. */
const QUOTED_LINE = /^[ \t]{0,3}(?:[A-Za-z&][\w.]{0,5}){0,2}[ \t]?>/;

/** Other marks quote only where an attribution stands above them: they may be bullets or boxes. */
const OTHER_MARK = /^[ \t]{0,2}(--\]|[|)#:}%\]])/;

/** "On Monday, Ann wrote:", or as some programs have it "Ann (ann@example.org) wrote*:". */
const SAID =
  /\b(?:wrote|writes?|said|says|mentioned|thought|spewed|typed|schrieb|écrit)\b\s*(?:[:;*]{1,2}|\.{2,3}|…|$)\s*>*$/i;
const DATED = /^[ \t]*(?:On|At|In)\b.*\d[^]*[:,]\s*$/i;
const NAMED =
  /^[ \t]*(?:Quoting|Begin quote from|Thus spake)\b[^]*[:.]\s*$|^\S[^:\n]*@[^:\n]*(?:\d\d?:\d\d[^\n]*)?:\s*$/i;

/** From here on a reply repeats the mail that it answers, headers first. */
const ORIGINAL =
  /^[ \t]*-{2,}[ \t]*(?:Original Message|Urspr.ngliche Nachricht|Message d'origine|Reply Separator)\b.*\n?/im;
const FORWARD_MARK = /^[ \t]*-{2,}[ \t]*(?:begin|end)?[ \t]*forward(?:ed)?\b.*$/gim;
const HEADER =
  "^[ \\t*>|]*(?:From|To|Cc|Sent|Date|Subject|Sender|Reply-To|Message-ID|Importance|Organi[sz]ation)[ \\t]*:.*\\n?";
const HEADERS = new RegExp(`(?:${HEADER}(?:[ \\t]+\\S.*\\n)*){2,}`, "gim");
const FIRST_HEADERS = new RegExp(`^\\s*(?:${HEADER})+`, "im");

/** The paragraphs that are the sender's own. */
export function withoutQuotations(text: string): string {
  return withoutQuotedLines(withoutOriginal(text)).replace(FORWARD_MARK, "").replace(HEADERS, "");
}

/** A mail that only passes an original on has that as its text. */
function withoutOriginal(text: string): string {
  const mark = ORIGINAL.exec(text);
  if (!mark) return text;
  const above = text.slice(0, mark.index);
  if (/\p{L}{2,}/u.test(withoutQuotedLines(above))) return above;
  return text.slice(mark.index + mark[0].length).replace(FIRST_HEADERS, "");
}

function withoutQuotedLines(text: string): string {
  const lines = text.split("\n");
  const mark = otherMark(lines);
  const isQuoted = (line: string) =>
    QUOTED_LINE.test(line) || (mark !== undefined && line.trimStart().startsWith(mark));
  const kept: string[] = [];
  let paragraph: string[] = [];
  const endParagraph = (beforeQuotation: boolean) => {
    kept.push(...withoutAttribution(paragraph, beforeQuotation), "");
    paragraph = [];
  };
  lines.forEach((line, index) => {
    if (isQuoted(line)) endParagraph(true);
    else if (line.trim() === "") endParagraph(isQuoted(lines.slice(index).find((next) => next.trim() !== "") ?? ""));
    else paragraph.push(line);
  });
  endParagraph(false);
  return kept.join("\n");
}

/** The mark by which this mail quotes, where it isn't `>`: the one below its first attribution. */
function otherMark(lines: readonly string[]): string | undefined {
  const said = lines.findIndex((line) => SAID.test(line));
  const below = lines.slice(said + 1).find((line) => line.trim() !== "");
  return said >= 0 ? OTHER_MARK.exec(below ?? "")?.[1] : undefined;
}

/** A paragraph without the one to three lines at its end that say who is quoted below it. */
function withoutAttribution(paragraph: readonly string[], beforeQuotation: boolean): readonly string[] {
  for (let length = Math.min(3, paragraph.length); length >= 1; length--) {
    const last = paragraph.slice(-length).join("\n");
    const opens = /^[ \t]*(?:On|At|In|Am|Le|El|\*|"|-{2,3})/i.test(last) || length === paragraph.length;
    const attributes = beforeQuotation
      ? SAID.test(last) || DATED.test(last) || NAMED.test(last)
      : SAID.test(last) && length < 3;
    if (opens && attributes && last.length < 250) return paragraph.slice(0, -length);
  }
  return paragraph;
}
