import { Registry } from "../../registry.ts";
import type { Normalizer } from "../aligned_text.ts";
import type { JsonPart } from "../json_part.ts";
import { bertNormalizer } from "./bert_normalizer.ts";
import { precompiled } from "./precompiled.ts";
import { lowercase, prepend, replace, strip, stripAccents } from "./simple_normalizers.ts";
import { unicodeForm } from "./unicode_form.ts";

interface Kind {
  readonly name: string;
  read(json: JsonPart): Normalizer;
}

const kinds = new Registry<Kind>("normalizer", [
  { name: "BertNormalizer", read: bertNormalizer },
  { name: "Precompiled", read: precompiled },
  { name: "NFC", read: () => unicodeForm("NFC") },
  { name: "NFD", read: () => unicodeForm("NFD") },
  { name: "NFKC", read: () => unicodeForm("NFKC") },
  { name: "NFKD", read: () => unicodeForm("NFKD") },
  { name: "Lowercase", read: () => lowercase },
  { name: "StripAccents", read: () => stripAccents },
  { name: "Strip", read: strip },
  { name: "Replace", read: replace },
  { name: "Prepend", read: prepend },
]);

/** The normalisers of a `tokenizer.json`, in the order in which they are applied. */
export function readNormalizers(json: JsonPart): Normalizer[] {
  return json.parts("normalizers").map((part) =>
    kinds.get(part.at("type").text(), `${part.file}: ${part.path}`).read(part)
  );
}
