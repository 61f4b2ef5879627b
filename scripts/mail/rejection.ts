/** Which mails are of no use in a data set that people read and small models learn from. */

export type Rejection = "few words" | "not in Latin script" | "explicit";

/*
 * Whoever opens the page reads these mails, school classes too, so what is obscene, what sells sex or drugs, and talk of sex are kept from them. A list
 * knows no context: these hold what is plain by itself (not "sex", "breast", "adult" or "virgin"). News of health and society, and milder swearing, stay.
 */

/** Obscene words and those of pornography. "porn" ends at a boundary, which spares names of mail filters' rules such as PORN_GALLERIES. */
const OBSCENE =
  /\b(?:rap(?:e|ed|ist|ing)|incest|bestiality|preteens?|lolitas?|cum|cumshots?|blow ?jobs?|puss(?:y|ies)|c\*?o\*?c\*?k\*?s?|cunts?|tits|titt(?:y|ies)|sluts?|slutty|whor(?:es?|ing)|horny|dildos?|hardcore|lesbians?|nude|orgasms?|teens|gang ?bang\w*|xxx|fuck\w*|milfs?|porn(?:o\w*)?|eroti[ck]\w*|vaginas?|bukkake|(?:ass|arse)holes?|bitch(?:es)?|wankers?|butt pirates|twinks?)\b/i;

/** Offers of pornography and company, dating services among them, whose words are harmless one by one. */
const ADULT_OFFERS =
  /\b(?:adult ?(?:web ?)?(?:sites?|masters?|club|classifieds|ads|toys|videos?|dvds?)|paysites?|(?:my|a|live|unlimited) web ?cam|livecameras|hot girls?|year old girls|sexiest|shaved sweeties|stolen home video|(?:strips|me|bare) ?naked|knickers|bang bus|fist bang|married but lonely|sexual dates|sexkontakt\w*|attract (?:wo)?men|dating club|million singles|l'ame soeur|live from amsterdam)\b/i;

/** Promises of larger organs and of more sex; Viagra counts wherever it is named. */
const SEXUAL_PRODUCTS =
  /\b(?:penis(?:es)?|penile|libido|v[i*]agra|impoten(?:t|ce)|erecti(?:ons?|le)|aphrodisiacs?|(?:human|potent) pheromones?|great sex|sex drive|(?:sex|love) enhancers?|sexual (?:aids?|performance|potency|stimula\w+)|your breasts?|breast enhancement|size does matter|increase your size)\b/i;

/** Talk, jokes and gossip of sex. Spared are sniffers that are promiscuous and motors that are vibrators, and "sexy", which programs are called too. */
const SEXUAL_TALK =
  /\b(?:mak(?:e|ing) love|AV girls?|vibrators?(?!,| motor)|(?:hyper)?promiscu\w*(?!"? (?:network|sniff|mode|is broken))|(?:have|had|having|want|during|gay|kinky|marital) sex|sex (?:life|acts?|partners?|scene|industry|god|is)|sexier|sexy (?:legs|model)|sexual(?:ly active| (?:partners?|contacts?|vessels))|kink(?:y|ily)|fetish\w*|topless|naked woman|nudie|prostitut\w*|brothels?|strip clubs?|lap dancing|good in bed|(?:3 ?k|thousand) lovers|huge breasts)\b/i;

/** Herbs sold to smokers as a legal drug. */
const LEGAL_HIGHS = /\b(?:cannabis|pot substitute|ragga dagga|salvia divinorum)\b/i;

const EXPLICIT = [OBSCENE, ADULT_OFFERS, SEXUAL_PRODUCTS, SEXUAL_TALK, LEGAL_HIGHS];

/** Why a text is rejected, or undefined where it is not. */
export function rejectionOf(text: string): Rejection | undefined {
  const letters = text.match(/\p{L}/gu) ?? [];
  // French and German stay far below a twelfth; what lies above is another script, or one read in the wrong charset.
  const foreign = letters.filter((letter) => letter > "\x7f").length;
  if (foreign > letters.length / 12) return "not in Latin script";
  if (text.replace(/<\w+>/g, " ").split(/\s+/).filter((word) => /\p{L}{2}/u.test(word)).length < 5) return "few words";
  if (EXPLICIT.some((words) => words.test(text))) return "explicit";
  return undefined;
}
