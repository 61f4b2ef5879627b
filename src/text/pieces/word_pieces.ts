import type { JsonPart } from "../json_part.ts";
import type { PieceModel } from "./piece_model.ts";
import { readVocabulary, requiredId, type Vocabulary } from "./vocabulary.ts";

/**
 * Word pieces: from the left, always the longest piece that there is. A word with a part that no piece begins is unknown as a whole.
 *
 * @see Schuster & Nakajima, Japanese and Korean Voice Search, 2012
 */
export function wordPieces(json: JsonPart): { readonly model: PieceModel; readonly vocabulary: Vocabulary } {
  const vocabulary = readVocabulary(json.at("vocab"));
  const unknown = requiredId(vocabulary, json.at("unk_token"), "[UNK]");
  const prefix = json.at("continuing_subword_prefix").text("##");
  const mostLetters = json.at("max_input_chars_per_word").index(Number.MAX_SAFE_INTEGER, 100);
  const continuing = new Map<string, number>();
  let longest = 0;
  for (const [piece, id] of vocabulary) {
    longest = Math.max(longest, piece.length);
    if (piece.startsWith(prefix)) continuing.set(piece.slice(prefix.length), id);
  }
  return {
    vocabulary,
    model(word) {
      const whole = { ids: [unknown], starts: [0], ends: [word.length] };
      if (word.length > mostLetters && Array.from(word).length > mostLetters) return whole;
      const ids: number[] = [];
      const starts: number[] = [];
      const ends: number[] = [];
      for (let start = 0; start < word.length;) {
        const pieces = start === 0 ? vocabulary : continuing;
        let end = Math.min(word.length, start + longest);
        let id: number | undefined;
        while (end > start && (id = pieces.get(word.slice(start, end))) === undefined) end--;
        if (id === undefined) return whole;
        ids.push(id);
        starts.push(start);
        ends.push(end);
        start = end;
      }
      return { ids, starts, ends };
    },
  };
}
