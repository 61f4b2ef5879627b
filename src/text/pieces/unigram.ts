import type { JsonPart } from "../json_part.ts";
import type { PieceModel, Pieces } from "./piece_model.ts";
import { PieceTrie } from "./piece_trie.ts";
import { GREATEST_ID, readByteIds, type Vocabulary } from "./vocabulary.ts";

/** What a letter that no piece has costs more than the least probable piece. */
const UNKNOWN_PENALTY = 10;

/**
 * The unigram language model: of all ways to take a word into pieces, the one whose log-probabilities have the greatest sum. Of equals, the
 * one whose last piece is the longest. Unknown letters beside each other are one unknown piece, or the bytes of each.
 *
 * One pass: for each place, the best way to get there (Viterbi's algorithm).
 *
 * @see Kudo, Subword Regularization, 2018
 */
export function unigram(json: JsonPart): { readonly model: PieceModel; readonly vocabulary: Vocabulary } {
  const { vocabulary, scores } = readScores(json.at("vocab"));
  const bytes = json.at("byte_fallback").flag(false) ? readByteIds(vocabulary) : undefined;
  const unknown = json.at("unk_id");
  if (unknown.isMissing && bytes === undefined) throw unknown.wrong("the place of the unknown piece in vocab");
  const unknownId = unknown.index(scores.length - 1, -1);
  const unknownScore = scores.reduce((least, score) => Math.min(least, score), Infinity) - UNKNOWN_PENALTY;
  const trie = new PieceTrie(vocabulary);
  return {
    vocabulary,
    model(word) {
      const best = new Float64Array(word.length + 1);
      const startOf = new Int32Array(word.length + 1).fill(-1);
      const idOf = new Int32Array(word.length + 1);
      const reach = (start: number, end: number, id: number, score: number) => {
        const sum = best[start]! + score;
        if (startOf[end] !== -1 && sum <= best[end]!) return;
        best[end] = sum;
        startOf[end] = start;
        idOf[end] = id;
      };
      for (let start = 0; start < word.length;) {
        const next = start + (word.codePointAt(start)! > 0xffff ? 2 : 1);
        let isKnown = false;
        let end = start;
        for (let node = trie.next(PieceTrie.ROOT, word.charCodeAt(end)); node !== PieceTrie.NONE;) {
          end++;
          const id = trie.idAt(node);
          if (id >= 0) {
            reach(start, end, id, scores[id]!);
            if (end === next) isKnown = true;
          }
          if (end === word.length) break;
          node = trie.next(node, word.charCodeAt(end));
        }
        if (!isKnown) reach(start, next, unknownId, unknownScore);
        start = next;
      }
      const pieces = backFrom(word.length, startOf, idOf);
      return pieces.ids.includes(unknownId) ? mended(word, pieces, unknownId, bytes) : pieces;
    },
  };
}

/** A list of pieces, each with its log-probability. Of a piece that is there twice the last counts. */
function readScores(json: JsonPart): { vocabulary: Vocabulary; scores: number[] } {
  const entries = json.list("a list of pieces with their scores");
  if (entries.length === 0) throw json.wrong("at least one piece");
  if (entries.length > GREATEST_ID) throw json.wrong(`no more than ${GREATEST_ID} pieces`);
  const scores: number[] = [];
  const vocabulary = new Map<string, number>();
  for (const [id, entry] of entries.entries()) {
    const [piece, score] = Array.isArray(entry) ? entry : [];
    if (typeof piece !== "string" || typeof score !== "number") throw json.at(id).wrong("a piece with its score");
    vocabulary.set(piece, id);
    scores.push(score);
  }
  return { vocabulary, scores };
}

function backFrom(end: number, startOf: Int32Array, idOf: Int32Array): Pieces {
  const ids: number[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  for (let at = end; at > 0; at = startOf[at]!) {
    ids.push(idOf[at]!);
    starts.push(startOf[at]!);
    ends.push(at);
  }
  return { ids: ids.reverse(), starts: starts.reverse(), ends: ends.reverse() };
}

const encoder = new TextEncoder();

/** With unknown letters as their bytes where there are pieces for these, else as one unknown piece where they are beside each other. */
function mended(word: string, pieces: Pieces, unknownId: number, bytes: readonly number[] | undefined): Pieces {
  const ids: number[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const add = (id: number, start: number, end: number) => {
    ids.push(id);
    starts.push(start);
    ends.push(end);
  };
  for (const [index, id] of pieces.ids.entries()) {
    const [start, end] = [pieces.starts[index]!, pieces.ends[index]!];
    if (id !== unknownId) add(id, start, end);
    else if (bytes) { for (const byte of encoder.encode(word.slice(start, end))) add(bytes[byte]!, start, end); }
    else if (ids.at(-1) === unknownId) ends[ends.length - 1] = end;
    else add(id, start, end);
  }
  return { ids, starts, ends };
}
