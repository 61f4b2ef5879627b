import type { JsonPart } from "../json_part.ts";
import type { Cut } from "./word.ts";

/** SentencePiece's words: a sign stands for the blank before each, and the first is given one. */
export function metaspace(json: JsonPart): Cut {
  const sign = json.at("replacement").text("▁");
  if (sign.length !== 1) throw json.at("replacement").wrong("one sign");
  const scheme = schemeOf(json);
  const isCut = json.at("split").flag(true);
  return (text, isFirst) => {
    const given = text.replaceAll(" ", sign);
    const isAdded = !given.startsWith(sign) && (scheme === "always" || (scheme === "first" && isFirst));
    const added = isAdded ? 1 : 0;
    const all = isAdded ? sign + given : given;
    const starts = isCut ? startsOf(all, sign) : [0];
    return starts.map((start, index) => {
      const end = starts[index + 1] ?? all.length;
      return {
        text: all.slice(start, end),
        start: Math.max(0, start - added),
        end: end - added,
        added: start === 0 ? added : 0,
        isBytes: false,
      };
    });
  };
}

/** A word begins at each sign. */
function startsOf(text: string, sign: string): number[] {
  const starts = [0];
  for (let at = text.indexOf(sign, 1); at >= 0; at = text.indexOf(sign, at + 1)) starts.push(at);
  return starts;
}

/** `add_prefix_space` is its older name. */
function schemeOf(json: JsonPart): "always" | "first" | "never" {
  const part = json.at("prepend_scheme");
  const scheme = part.text(json.at("add_prefix_space").flag(true) ? "always" : "never");
  if (scheme === "always" || scheme === "first" || scheme === "never") return scheme;
  throw part.wrong("always, first or never");
}
