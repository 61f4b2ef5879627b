import { InputError } from "../../errors.ts";
import type { JsonPart } from "../json_part.ts";

/** More rows than any vocabulary has, and few enough for a table of embeddings. */
export const GREATEST_ID = 2 ** 24 - 1;

export type Vocabulary = ReadonlyMap<string, number>;

/** Pieces by their texts, of an object that gives each its id. There may be ids that no piece has. */
export function readVocabulary(json: JsonPart): Vocabulary {
  const entries = Object.entries(json.object("an object with the id of each piece"));
  if (entries.length === 0) throw json.wrong("at least one piece");
  const pieces = new Map<number, string>();
  for (const [piece, id] of entries) {
    if (typeof id !== "number" || !Number.isInteger(id) || id < 0 || id > GREATEST_ID) {
      json.at(piece).index(GREATEST_ID);
    }
    const other = pieces.get(id as number);
    if (other !== undefined) {
      const both = [other, piece].map((each) => JSON.stringify(each)).join(" and ");
      throw new InputError(`${json.file}: ${json.path} gives ${both} one id, ${id}`);
    }
    pieces.set(id as number, piece);
  }
  return new Map(entries as [string, number][]);
}

/** The id of a piece that the vocabulary must have. */
export function requiredId(vocabulary: Vocabulary, piece: JsonPart, fallback?: string): number {
  const id = vocabulary.get(piece.text(fallback));
  if (id === undefined) throw piece.wrong("a piece of the vocabulary");
  return id;
}

/** The ids of pieces `<0x00>` to `<0xFF>`; undefined where one is missing. */
export function readByteIds(vocabulary: Vocabulary): readonly number[] | undefined {
  const ids = Array.from(
    { length: 256 },
    (_, byte) => vocabulary.get(`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`),
  );
  return ids.every((id) => id !== undefined) ? ids : undefined;
}
