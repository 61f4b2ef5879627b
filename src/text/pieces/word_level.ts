import type { JsonPart } from "../json_part.ts";
import type { PieceModel } from "./piece_model.ts";
import { readVocabulary, requiredId, type Vocabulary } from "./vocabulary.ts";

/** Whole words, and one piece for all that are not known. */
export function wordLevel(json: JsonPart): { readonly model: PieceModel; readonly vocabulary: Vocabulary } {
  const vocabulary = readVocabulary(json.at("vocab"));
  const unknown = requiredId(vocabulary, json.at("unk_token"), "<unk>");
  return {
    vocabulary,
    model: (word) => ({ ids: [vocabulary.get(word) ?? unknown], starts: [0], ends: [word.length] }),
  };
}
