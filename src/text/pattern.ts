import { SplitPreTokenizer } from "@huggingface/tokenizers";
import { messageOf } from "../errors.ts";
import type { JsonPart } from "./json_part.ts";

/**
 * What a `tokenizer.json` gives to look for: `{"String": "..."}` or `{"Regex": "..."}`, the latter in Oniguruma's language, which the
 * library translates.
 */
export function readPattern(json: JsonPart): RegExp {
  const text = json.at("String");
  const regex = json.at("Regex");
  if (typeof text.value === "string") return new RegExp(escaped(text.value), "gu");
  if (typeof regex.value !== "string") throw json.wrong('{"String": "..."} or {"Regex": "..."}');
  try {
    const { pattern } = new SplitPreTokenizer({
      type: "Split",
      pattern: { Regex: regex.value },
      behavior: "Isolated",
      invert: false,
    });
    if (pattern) return pattern;
  } catch (thrown) {
    throw regex.wrong(`a regular expression that can be read: ${messageOf(thrown)}`);
  }
  throw regex.wrong("a regular expression");
}

/** A pattern of JavaScript that matches `text` itself. */
export function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
