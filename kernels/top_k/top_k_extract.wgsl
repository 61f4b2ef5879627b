// top_k_extract.wgsl: small k, last pass; takes the best of a row k times, one thread a row.
//
// The best is the best of the top level, 32 pairs at most. The matches that it had won, one a level, are then replayed among what
// comes after it in the order of pairs: 32 values, then 32 pairs a level, whatever the length of the row. So k pairs come out in
// order. A row whose first pair has the highest key held a NaN or an infinity: its first index becomes 2^31 + the column.
// A row of at most 32 columns has no levels: its values are scanned each time.
// The work is one thread's, but little: k * 32 * (levels + 1) reads, mostly of a cache.

// `first` is the row of the outputs where the tile begins.
struct Sizes { rows: u32, columns: u32, k: u32, row_pairs: u32, shift: u32, first: u32 }

@group(0) @binding(0) var<storage, read> values: array<u32>;
@group(0) @binding(1) var<storage, read_write> levels: array<vec2<u32>>;
@group(0) @binding(2) var<storage, read_write> best: array<u32>;
@group(0) @binding(3) var<storage, read_write> indices: array<u32>;
@group(0) @binding(4) var<uniform> sizes: Sizes;

const FANOUT = 32u;
const NONE = vec2<u32>(0u, 0xffffffffu);
const POISON = 0xffffffffu;
const MARKER = 0x80000000u;

fn key_of(given: u32) -> u32 {
  let bits = select(given, 0u, given == 0x80000000u);
  let key = select(bits ^ 0x80000000u, ~bits, bits >= 0x80000000u);
  return select(key, POISON, (bits & 0x7f800000u) == 0x7f800000u);
}

fn bits_of(key: u32) -> u32 {
  return select(~key, key ^ 0x80000000u, key >= 0x80000000u);
}

fn precedes(a: vec2<u32>, b: vec2<u32>) -> bool {
  return a.x > b.x || (a.x == b.x && a.y < b.y);
}

// The best among every `step`th value from `at` on that comes after `last`, or of all where nothing was taken yet.
fn best_value(start: u32, at: u32, step: u32, last: vec2<u32>, begun: bool) -> vec2<u32> {
  var found = NONE;
  for (var column = at; column < sizes.columns; column += step) {
    let pair = vec2<u32>(key_of(values[start + column]), column);
    found = select(found, pair, precedes(pair, found) && (!begun || precedes(last, pair)));
  }
  return found;
}

// The best among every `step`th pair of a level from `at` on.
fn best_pair(level: u32, size: u32, at: u32, step: u32) -> vec2<u32> {
  var found = NONE;
  for (var index = at; index < size; index += step) {
    let pair = levels[level + index];
    found = select(found, pair, precedes(pair, found));
  }
  return found;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let row = (group.y * groups.x + group.x) * 64u + lane;
  if (row >= sizes.rows) { return; }
  let start = sizes.shift + row * sizes.columns;
  let out = (sizes.first + row) * sizes.k;
  var top = row * sizes.row_pairs;
  var top_size = sizes.columns;
  var size = (sizes.columns + FANOUT - 1u) / FANOUT;
  var next = top;
  while (top_size > FANOUT) {
    top = next;
    top_size = size;
    next += size;
    size = (size + FANOUT - 1u) / FANOUT;
  }
  var taken = NONE;
  for (var rank = 0u; rank < sizes.k; rank++) {
    if (sizes.row_pairs == 0u) {
      taken = best_value(start, 0u, 1u, taken, rank > 0u);
    } else {
      taken = best_pair(top, top_size, 0u, 1u);
      var below_size = (sizes.columns + FANOUT - 1u) / FANOUT;
      var below = row * sizes.row_pairs;
      var at = taken.y % below_size;
      levels[below + at] = best_value(start, at, below_size, taken, true);
      while (below_size > FANOUT) {
        let own_size = (below_size + FANOUT - 1u) / FANOUT;
        at %= own_size;
        levels[below + below_size + at] = best_pair(below, below_size, at, own_size);
        below += below_size;
        below_size = own_size;
      }
    }
    best[out + rank] = bits_of(taken.x);
    indices[out + rank] = select(taken.y, MARKER | taken.y, rank == 0u && taken.x == POISON);
  }
}
