/** Which mails are of no use in a data set that people read and small models learn from. */

export type Rejection = "few words" | "not in Latin script" | "explicit";

/** Whoever opens the page reads these mails; sexually explicit ones are kept from them. */
const EXPLICIT =
  /\b(?:rap(?:e|ed|ist|ing)|incest|bestiality|preteens?|lolitas?|cum|cumshots?|blow ?jobs?|puss(?:y|ies)|cocks?|cunts?|tits|sluts?|slutty|whor(?:es?|ing)|horny|dildos?|hardcore|lesbians?|nude|orgasms?|teens|gang ?bang\w*|xxx)\b/i;

/** Why a text is rejected, or undefined where it is not. */
export function rejectionOf(text: string): Rejection | undefined {
  const letters = text.match(/\p{L}/gu) ?? [];
  // French and German stay far below a twelfth; what lies above is another script, or one read in the wrong charset.
  const foreign = letters.filter((letter) => letter > "\x7f").length;
  if (foreign > letters.length / 12) return "not in Latin script";
  if (text.replace(/<\w+>/g, " ").split(/\s+/).filter((word) => /\p{L}{2}/u.test(word)).length < 5) return "few words";
  if (EXPLICIT.test(text)) return "explicit";
  return undefined;
}
