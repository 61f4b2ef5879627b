import { Registry } from "../../registry.ts";
import type { JsonPart } from "../json_part.ts";
import { byteLevel } from "./byte_level.ts";
import { metaspace } from "./metaspace.ts";
import { behaviorOf, cutAt, split } from "./split.ts";
import { type Cut, inTurn, matching } from "./word.ts";

interface Kind {
  readonly name: string;
  /** `isWord`: whether what is cut is always one word of a list, which has lost the blank before it. */
  read(json: JsonPart, isWord: boolean): Cut;
}

/** What the reference implementation takes for punctuation. */
const PUNCTUATION = String.raw`\p{P}\u0021-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u007E`;

const kinds = new Registry<Kind>("pre-tokenizer", [
  {
    name: "BertPreTokenizer",
    read: () => matching(new RegExp(String.raw`[${PUNCTUATION}]|[^\p{White_Space}${PUNCTUATION}]+`, "gu")),
  },
  {
    name: "Whitespace",
    read: () => {
      const letters = String.raw`\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}`;
      return matching(new RegExp(String.raw`[${letters}]+|[^\p{White_Space}${letters}]+`, "gu"));
    },
  },
  { name: "WhitespaceSplit", read: () => matching(/\P{White_Space}+/gu) },
  {
    name: "Punctuation",
    read: (json) => cutAt(new RegExp(`[${PUNCTUATION}]`, "gu"), behaviorOf(json, "isolated")),
  },
  {
    name: "Digits",
    read: (json) => cutAt(/\p{N}/gu, json.at("individual_digits").flag(false) ? "isolated" : "contiguous"),
  },
  { name: "Split", read: split },
  { name: "Metaspace", read: metaspace },
  {
    name: "ByteLevel",
    read: (json, isWord) =>
      byteLevel(json.at("add_prefix_space").flag(false) || isWord, json.at("use_regex").flag(true)),
  },
]);

/** How a `tokenizer.json` cuts texts into words. */
export function readCut(json: JsonPart, isWord: boolean): Cut {
  const parts = json.parts("pretokenizers");
  return inTurn(parts.map((part, index) => {
    const type = part.at("type");
    const kind = kinds.get(type.text(), `${part.file}: ${part.path}`);
    if (kind.name === "ByteLevel" && index < parts.length - 1) {
      throw type.wrong("ByteLevel to be the last of its sequence");
    }
    return kind.read(part, isWord);
  }));
}
