/** What a mailing list, a free mail service or a habit put below a mail. */

/** From here on, somebody other than the sender speaks, or the sender's signature stands. */
const BEGINNINGS: readonly RegExp[] = [
  /^-- ?$/m,
  /^_{20,}\n(?:.*\n){0,2}?.*(?:mailing list|list|group)\b/im,
  /^(?:[-_=]{20,}\n)?.*\b(?:sf|thinkgeek|osdn)\b.*(?:email is sponsored by|- Tired of)/im,
  /^-{5,}[ \t]*Yahoo! Groups Sponsor/im,
  /^To unsubscribe from this group, send an email to:/im,
  /^_{20,}\n.*\b(?:hotmail|msn|yahoo|lycos|netscape|juno|e-?mail)\b/im,
  /^(?:_{20,}\n)?Do You Yahoo!\?/im,
  /^(?:-- *)?(?:DeathToSpam){2,}/im,
];

/** What reaches further down than this is not a footer but a part of the text, as between the sections of a newsletter. */
const FOOTER_LINES = 30;

const KEY = /^-{3,}-?BEGIN PGP (?:SIGNATURE|PUBLIC KEY BLOCK)-{3,}/m;

/** The text above its footers, where any words stand above them. It takes plain text, or HTML that a list added a plain footer to. */
export function withoutFooters(text: string): string {
  const unsigned = cutAt(text, KEY.exec(text)?.index);
  return BEGINNINGS.reduce((kept, beginning) => {
    const last = kept.trimEnd().split("\n").slice(-FOOTER_LINES).join("\n");
    const found = beginning.exec(last);
    return cutAt(kept, found ? kept.trimEnd().length - last.length + found.index : undefined);
  }, unsigned);
}

function cutAt(text: string, index: number | undefined): string {
  const above = text.slice(0, index);
  return /\p{L}{2,}/u.test(above) ? above : text;
}
