import { Registry } from "../../registry.ts";
import type { JsonPart } from "../json_part.ts";
import { bytePairs } from "./byte_pairs.ts";
import type { PieceModel } from "./piece_model.ts";
import { unigram } from "./unigram.ts";
import type { Vocabulary } from "./vocabulary.ts";
import { wordLevel } from "./word_level.ts";
import { wordPieces } from "./word_pieces.ts";

interface Kind {
  readonly name: string;
  read(json: JsonPart): { readonly model: PieceModel; readonly vocabulary: Vocabulary };
}

const kinds = new Registry<Kind>("model of pieces", [
  { name: "WordPiece", read: wordPieces },
  { name: "BPE", read: bytePairs },
  { name: "Unigram", read: unigram },
  { name: "WordLevel", read: wordLevel },
]);

/** The model of a `tokenizer.json`, and its vocabulary. */
export function readPieceModel(json: JsonPart): ReturnType<Kind["read"]> {
  json.object();
  return kinds.get(json.at("type").text(guess(json)), `${json.file}: ${json.path}`).read(json);
}

/** Older files do not name their model. */
function guess(json: JsonPart): string {
  if (Array.isArray(json.at("vocab").value)) return "Unigram";
  if (!json.at("merges").isMissing) return "BPE";
  return json.at("continuing_subword_prefix").isMissing ? "WordLevel" : "WordPiece";
}
