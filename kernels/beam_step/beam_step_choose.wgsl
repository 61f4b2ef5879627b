// beam_step_choose.wgsl: the candidates of a beam step, one workgroup an example.
//
// 1. Log-sum-exp of each beam's row: lanes fold the parts that beam_step_fold.wgsl wrote (or, where DIRECT, the logits of a
//    short row), then a lane a beam merges the folds, in order.
// 2. The 2B best continuations, without a list in any lane. Whatever is cut into segments, the 2B best elements lie in the 2B
//    segments with the best elements, for an element of any other segment has 2B better ones. So: cut the segments at hand into
//    as many as there are lanes, fold each to its best element, rank the folds by counting those that precede, keep the 2B
//    best, and go on until a segment is one element. First the elements are parts; then the columns of the 2B best
//    parts. After the last step a lane holds an element and its rank, and writes it there.
// Order: score descending; of equal scores, which rounding makes, the lower beam first, in a beam the higher logit first, of
// equal logits the lower token.
// Numerics: score + ((x - m) - log s), at least LOWEST; what is not above LOWEST is no candidate. NaN and infinities are found by
// their bits; an example that holds one has no candidates, and its fault word says which beam.
// Reads the parts twice and then some 2B*128 logits an example; writes 36B + 4 bytes. Two barriers for each cut.

struct Sizes {
  examples: u32, beams: u32, vocabulary: u32,
  first: u32,      // the tile's first example
  alignment: u32,  // of bindings, in words: a tile begins this much, or less, after its binding
  slices: u32, length: u32, end_of_sequence: u32
}

@group(0) @binding(0) var<storage, read> logits: array<u32>;
@group(0) @binding(1) var<storage, read> parts: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read> scores: array<u32>;
@group(0) @binding(3) var<storage, read> forbidden: array<u32>;
@group(0) @binding(4) var<storage, read> forced: array<u32>;
@group(0) @binding(5) var<storage, read_write> candidates: array<u32>;
@group(0) @binding(6) var<storage, read_write> next: array<u32>;
@group(0) @binding(7) var<storage, read_write> faults: array<u32>;
@group(0) @binding(8) var<uniform> sizes: Sizes;

override FORBIDDEN: bool = false;
override FORCED: bool = false;
override DIRECT: bool = false;
override LANES: u32 = 32u;

const LOWEST = -3.402823e38;
const CLAMP = -87.0;
const MOST_BEAMS = 32u;
const FOLD_LANES = 64u;
const SINGLES = 18u;
const NONE = 0xffffffffu;
const NOTHING = 0xffffff00u;  // with the lane, a key after the key of any score
const INFINITE = 0x7f800000u;
const POISONED = 1u;
const OUTSIDE = 0x10001u;

struct Beam {
  m: f32, log_s: f32, score: f32,
  forced: u32,  // the token, or NONE
  fault: u32
}

// A run of parts of a beam, or of columns of one of its parts.
struct Segment { beam: u32, part: u32, first: u32, end: u32 }

// Before the ranking: m, s, and 1 where an input was poison. In it: score, beam, logit and column as keys that sort upwards.
var<workgroup> folds: array<vec4<u32>, LANES>;
var<workgroup> beams: array<Beam, MOST_BEAMS>;
var<workgroup> ends: array<u32, 2u * MOST_BEAMS>;
var<workgroup> segments: array<Segment, 2u * MOST_BEAMS>;

fn begin(words: u32) -> u32 {
  return (sizes.first * words) % sizes.alignment;
}

fn row_start(row: u32) -> u32 {
  return begin(sizes.beams * sizes.vocabulary) + row * sizes.vocabulary;
}

fn is_forbidden(row: u32, token: u32) -> bool {
  if (!FORBIDDEN) { return false; }
  let words = (sizes.vocabulary + 31u) / 32u;
  let word = forbidden[begin(sizes.beams * words) + row * words + token / 32u];
  return ((word >> (token % 32u)) & 1u) == 1u;
}

fn is_poison(bits: u32) -> bool {
  return (bits & 0x7fffffffu) >= INFINITE;
}

fn parts_of_row() -> u32 {
  return SINGLES + sizes.slices * FOLD_LANES;
}

// A float as an integer that is smaller the larger the float is, and back.
fn descending(value: f32) -> u32 {
  let bits = bitcast<u32>(select(value, 0.0, value == 0.0));
  return select(bits ^ 0x7fffffffu, bits, bits >= 0x80000000u);
}
fn ascended(key: u32) -> u32 {
  return select(key ^ 0x7fffffffu, key, key >= 0x80000000u);
}

// Of two folds of equal score.
fn precedes(a: vec4<u32>, b: vec4<u32>) -> bool {
  return select(select(a.w < b.w, a.z < b.z, a.z != b.z), a.y < b.y, a.y != b.y);
}

// How many of the folds precede one. Most often their first keys, the scores, decide; four at a time, since a software adapter
// then waits for four reads at once. Folds after the last of `count` come after all others.
fn rank_of(fold: vec4<u32>, count: u32) -> u32 {
  var before = vec4<u32>(0u);
  var equal = vec4<u32>(0u);
  for (var other = 0u; other < count; other += 4u) {
    let keys = vec4<u32>(folds[other].x, folds[other + 1u].x, folds[other + 2u].x, folds[other + 3u].x);
    before += vec4<u32>(keys < vec4<u32>(fold.x));
    equal += vec4<u32>(keys == vec4<u32>(fold.x));
  }
  var rank = before.x + before.y + before.z + before.w;
  // One is the fold itself.
  let tied = equal.x + equal.y + equal.z + equal.w > 1u;
  for (var other = select(count, 0u, tied); other < count; other++) {
    let rival = folds[other];
    rank += u32(rival.x == fold.x && precedes(rival, fold));
  }
  return rank;
}

// m, s and poison of the row's elements chunk, chunk + chunks, ...
fn sums(row: u32, chunk: u32, chunks: u32) -> vec3<f32> {
  var m = LOWEST;
  var s = 0.0;
  var poison = 0.0;
  let end = select(parts_of_row(), sizes.vocabulary, DIRECT);
  for (var element = chunk; element < end; element += chunks) {
    var other_m = LOWEST;
    var other_s = 1.0;
    if (DIRECT) {
      let bits = logits[row_start(row) + element];
      other_m = max(bitcast<f32>(bits), LOWEST);
      poison = select(poison, 1.0, is_poison(bits));
    } else {
      let part = parts[row * parts_of_row() + element];
      other_m = bitcast<f32>(part.x);
      other_s = bitcast<f32>(part.y);
      poison = select(poison, 1.0, other_s < 0.0);
    }
    let e = exp(max(min(m, other_m) - max(m, other_m), CLAMP));
    s = select(s + other_s * e, s * e + other_s, other_m > m);
    m = max(m, other_m);
  }
  return vec3<f32>(m, s, poison);
}

fn beam_of(example: u32, beam: u32, chunks: u32) -> Beam {
  var m = LOWEST;
  var s = 0.0;
  var poison = 0.0;
  for (var chunk = 0u; chunk < chunks; chunk++) {
    let fold = bitcast<vec4<f32>>(folds[beam * chunks + chunk]);
    let e = exp(max(min(m, fold.x) - max(m, fold.x), CLAMP));
    s = select(s + fold.y * e, s * e + fold.y, fold.x > m);
    m = max(m, fold.x);
    poison = max(poison, fold.z);
  }
  let row = example * sizes.beams + beam;
  let score = scores[begin(sizes.beams) + row];
  var token = NONE;
  if (FORCED) { token = forced[begin(sizes.beams) + row]; }
  // A negative number is no token.
  token = select(token, NONE, token >= 0x80000000u);
  let is_outside = token != NONE && token >= sizes.vocabulary;
  let fault = select(select(0u, OUTSIDE + beam, is_outside), POISONED + beam, poison > 0.5 || is_poison(score));
  return Beam(m, log(s), bitcast<f32>(score), token, fault);
}

// The highest allowed logit of a segment, as bits, and its column; of parts, the first column of its block.
fn best_part(row: u32, first: u32, end: u32) -> vec2<u32> {
  var best = LOWEST;
  var at = NONE;
  for (var part = first; part < end; part++) {
    let found = parts[row * parts_of_row() + part];
    let value = bitcast<f32>(found.z);
    let is_better = found.w != NONE && (at == NONE || value > best || (value == best && found.w < at));
    best = select(best, value, is_better);
    at = select(at, found.w, is_better);
  }
  return vec2<u32>(bitcast<u32>(best), at);
}

fn best_column(row: u32, part: u32, first: u32, end: u32) -> vec2<u32> {
  let start = row_start(row);
  let lead = (4u - start % 4u) % 4u;
  let blocks = (sizes.vocabulary - min(lead, sizes.vocabulary)) / 16u;
  var best = LOWEST;
  var at = NONE;
  for (var element = first; element < end; element++) {
    var column = element;
    if (!DIRECT) {
      if (part < SINGLES) {
        column = select(select(blocks * 16u + part, part, part < lead), NONE, element > 0u);
      } else {
        let thread = part - SINGLES;
        let block = thread / FOLD_LANES * sizes.length * FOLD_LANES + thread % FOLD_LANES + element / 16u * FOLD_LANES;
        column = select(NONE, lead + block * 16u + element % 16u, block < blocks);
      }
    }
    if (column < sizes.vocabulary && !is_forbidden(row, column)) {
      let value = max(bitcast<f32>(logits[start + column]), LOWEST);
      let is_better = at == NONE || value > best;
      best = select(best, value, is_better);
      at = select(at, column, is_better);
    }
  }
  return vec2<u32>(bitcast<u32>(best), at);
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let example = group.y * groups.x + group.x;
  // No early return: every lane must reach the barriers.
  let live = example < sizes.examples;

  let chunks = LANES / sizes.beams;
  if (live && lane < sizes.beams * chunks) {
    let fold = sums(example * sizes.beams + lane / chunks, lane % chunks, chunks);
    folds[lane] = bitcast<vec4<u32>>(vec4<f32>(fold, 0.0));
  }
  workgroupBarrier();
  if (live && lane < sizes.beams) {
    beams[lane] = beam_of(example, lane, chunks);
    segments[lane] = Segment(lane, 0u, 0u, select(parts_of_row(), sizes.vocabulary, DIRECT));
  }
  workgroupBarrier();
  var fault = 0u;
  for (var beam = 0u; beam < sizes.beams; beam++) { fault = select(fault, beams[beam].fault, fault == 0u); }
  if (live && lane == 0u) { faults[begin(1u) + example] = fault; }

  let keep = 2u * sizes.beams;
  var of_columns = DIRECT;
  var length = select(parts_of_row(), sizes.vocabulary, DIRECT);
  var count = sizes.beams;
  var rank = 0u;
  var fold = vec4<u32>(NONE);
  var finished = false;
  while (!finished) {
    let cuts = LANES / count;
    let stretch = (length + cuts - 1u) / cuts;
    finished = of_columns && stretch == 1u;
    var piece = Segment(NONE, 0u, 0u, 0u);
    fold = vec4<u32>(NOTHING + lane, NONE, NONE, NONE);
    if (live && fault == 0u && lane < count * cuts && segments[lane / cuts].beam != NONE) {
      let segment = segments[lane / cuts];
      let first = segment.first + lane % cuts * stretch;
      piece = Segment(segment.beam, segment.part, first, min(first + stretch, segment.end));
      let beam = beams[piece.beam];
      let row = example * sizes.beams + piece.beam;
      if (beam.forced != NONE) {
        // One element, the first of the first part, with log-probability 0.
        if (piece.part == 0u && first == 0u && beam.score > LOWEST) {
          fold = vec4<u32>(descending(beam.score), piece.beam, 0u, beam.forced);
        }
      } else {
        var found = vec2<u32>(0u, NONE);
        if (of_columns) {
          found = best_column(row, piece.part, first, piece.end);
        } else {
          found = best_part(row, first, piece.end);
        }
        let value = bitcast<f32>(found.x);
        let score = beam.score + max(value - beam.m - beam.log_s, LOWEST);
        if (found.y != NONE && score > LOWEST) {
          fold = vec4<u32>(descending(score), piece.beam, descending(value), found.y);
        }
      }
    }
    folds[lane] = fold;
    workgroupBarrier();
    rank = rank_of(fold, count * cuts);
    if (!finished && lane < count * cuts && rank < keep) {
      if (!of_columns && stretch == 1u) {
        piece = Segment(piece.beam, piece.first, 0u, sizes.length * 16u);
      }
      segments[rank] = Segment(fold.y, piece.part, piece.first, piece.end);
    }
    workgroupBarrier();
    let to_columns = !of_columns && stretch == 1u;
    length = select(stretch, sizes.length * 16u, to_columns);
    of_columns = of_columns || to_columns;
    count = select(keep, count * cuts, finished);
  }

  let is_dead = fold.y == NONE;
  let goes_on = is_dead || fold.w != sizes.end_of_sequence;
  if (lane < count && rank < keep) { ends[rank] = u32(!goes_on); }
  workgroupBarrier();
  if (live && lane < count && rank < keep) {
    let entry = vec3<u32>(
      select(ascended(fold.x), bitcast<u32>(LOWEST), is_dead), select(fold.y, 0u, is_dead), select(fold.w, 0u, is_dead));
    let at = begin(keep * 3u) + (example * keep + rank) * 3u;
    candidates[at] = entry.x;
    candidates[at + 1u] = entry.y;
    candidates[at + 2u] = entry.z;
    var place = rank;
    for (var before = 0u; before < rank; before++) { place -= ends[before]; }
    if (goes_on && place < sizes.beams) {
      let at = begin(sizes.beams * 3u) + (example * sizes.beams + place) * 3u;
      next[at] = entry.x;
      next[at + 1u] = entry.y;
      next[at + 2u] = entry.z;
    }
  }
}
