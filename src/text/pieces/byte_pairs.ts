import { InputError } from "../../errors.ts";
import type { JsonPart } from "../json_part.ts";
import { NumberHeap } from "./number_heap.ts";
import type { PieceModel, Pieces } from "./piece_model.ts";
import { readByteIds, readVocabulary, requiredId, type Vocabulary } from "./vocabulary.ts";

/** Places in a word, of which there are fewer than this: a rank and a place are one number then. */
const PLACES = 2 ** 28;

/**
 * Byte-pair encoding: a word begins as its letters, and the pair that was learnt first is merged, the leftmost of equals, until none is left.
 *
 * @see Sennrich et al., Neural Machine Translation of Rare Words with Subword Units, 2016
 */
export function bytePairs(json: JsonPart): { readonly model: PieceModel; readonly vocabulary: Vocabulary } {
  const vocabulary = readVocabulary(json.at("vocab"));
  const prefix = json.at("continuing_subword_prefix").text("");
  const suffix = json.at("end_of_word_suffix").text("");
  const unknown = json.at("unk_token");
  const unknownId = unknown.isMissing || unknown.value === "" ? undefined : requiredId(vocabulary, unknown);
  const fuses = json.at("fuse_unk").flag(false);
  const bytes = json.at("byte_fallback").flag(false) ? readByteIds(vocabulary) : undefined;
  const ignoresMerges = json.at("ignore_merges").flag(false);
  const mergeOf = readMerges(json.at("merges"), vocabulary, prefix);

  /** The letters of a word: what is unknown is the unknown piece, or its bytes, or nothing where there is neither. */
  const lettersOf = (word: string): Letters => {
    const letters: Letters = { ids: [], starts: [], ends: [] };
    const add = (id: number, start: number, end: number) => {
      letters.ids.push(id);
      letters.starts.push(start);
      letters.ends.push(end);
    };
    let wasUnknown = false;
    let start = 0;
    for (const letter of word) {
      const end = start + letter.length;
      const id = vocabulary.get((start > 0 ? prefix : "") + letter + (end === word.length ? suffix : ""));
      const isUnknown = id === undefined && bytes === undefined;
      if (id !== undefined) add(id, start, end);
      else if (bytes) { for (const byte of encoder.encode(letter)) add(bytes[byte]!, start, end); }
      else if (unknownId !== undefined && fuses && wasUnknown) letters.ends[letters.ends.length - 1] = end;
      else if (unknownId !== undefined) add(unknownId, start, end);
      wasUnknown = isUnknown;
      start = end;
    }
    return letters;
  };
  return {
    vocabulary,
    model(word) {
      const whole = ignoresMerges ? vocabulary.get(word) : undefined;
      return whole === undefined
        ? merged(lettersOf(word), mergeOf)
        : { ids: [whole], starts: [0], ends: [word.length] };
    },
  };
}

const encoder = new TextEncoder();

interface Letters {
  readonly ids: number[];
  readonly starts: number[];
  readonly ends: number[];
}

interface Merge {
  /** Pairs learnt earlier come first. */
  readonly rank: number;
  /** What the pair becomes. */
  readonly id: number;
}

type MergeOf = (left: number, right: number) => Merge | undefined;

function readMerges(json: JsonPart, vocabulary: Vocabulary, prefix: string): MergeOf {
  let width = 0;
  for (const id of vocabulary.values()) width = Math.max(width, id + 1);
  const merges = new Map<number, Merge>();
  for (const [rank, merge] of json.list("a list of pairs").entries()) {
    const pair: unknown = typeof merge === "string" ? merge.split(" ") : merge;
    if (!isPair(pair)) throw json.at(rank).wrong("two pieces to merge");
    const idOf = (piece: string) => {
      const id = vocabulary.get(piece);
      if (id !== undefined) return id;
      throw new InputError(`${json.file}: ${json.at(rank).path} needs ${JSON.stringify(piece)}, which vocab has not`);
    };
    const [left, right] = pair;
    merges.set(idOf(left) * width + idOf(right), { rank, id: idOf(left + right.slice(prefix.length)) });
  }
  return (left, right) => merges.get(left * width + right);
}

function isPair(value: unknown): value is [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === "string" && part !== "");
}

/** Merges pair after pair, with the pairs that wait in a heap; one that is no longer there when its turn comes is passed over. */
function merged({ ids, starts, ends }: Letters, mergeOf: MergeOf): Pieces {
  const count = ids.length;
  if (count < 2) return { ids, starts, ends };
  const next = Int32Array.from({ length: count }, (_, place) => place + 1);
  const previous = Int32Array.from({ length: count }, (_, place) => place - 1);
  const mergeAt = (place: number) => {
    const after = next[place]!;
    return after < count ? mergeOf(ids[place]!, ids[after]!) : undefined;
  };
  const heap = new NumberHeap();
  const wait = (place: number) => {
    const merge = mergeAt(place);
    if (merge) heap.push(merge.rank * PLACES + place);
  };
  const isGone = new Uint8Array(count);
  for (let place = 0; place < count - 1; place++) wait(place);
  for (let first = heap.pop(); first !== undefined; first = heap.pop()) {
    const place = first % PLACES;
    const merge = isGone[place] ? undefined : mergeAt(place);
    if (merge?.rank !== (first - place) / PLACES) continue;
    const gone = next[place]!;
    ids[place] = merge.id;
    ends[place] = ends[gone]!;
    isGone[gone] = 1;
    next[place] = next[gone]!;
    if (next[place]! < count) previous[next[place]!] = place;
    if (previous[place]! >= 0) wait(previous[place]!);
    wait(place);
  }
  const left = ids.flatMap((_, place) => isGone[place] ? [] : [place]);
  return {
    ids: left.map((place) => ids[place]!),
    starts: left.map((place) => starts[place]!),
    ends: left.map((place) => ends[place]!),
  };
}
