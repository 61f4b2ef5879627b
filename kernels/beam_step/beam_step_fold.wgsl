// beam_step_fold.wgsl: first of two passes of a beam step over a wide vocabulary. Reads each logit once, 16 at a time, and
// folds a row into parts, a thread each.
//
// A row is cut into blocks of 16 columns that begin where four words of the buffer are aligned, and at most 18 single columns
// before and after them. A thread takes `length` blocks, 64 apart, so that neighbouring threads read neighbouring blocks; the
// single columns are parts of their own. Of a part it writes four words:
//   m      the maximum of all its logits,
//   s      sum of e^(x-m) over them, online: with the block's own maximum, M = max(m, block): s <- s e^(m-M) + sum e^(x-M);
//          -1 where one of them is a NaN or an infinity,
//   best   its highest logit that is not forbidden,
//   at     the first column of the first block that holds it; NONE where there is none.
// Numerics: inputs below LOWEST count as LOWEST; exponents are clamped at -87; a thread sums some 128 terms, in a fixed order.
// Reads rows*vocabulary floats, and rows*vocabulary bits where FORBIDDEN; writes 16 bytes for about 128 columns. No barrier.

struct Sizes {
  examples: u32, beams: u32, vocabulary: u32,
  first: u32,      // the tile's first example
  alignment: u32,  // of bindings, in words: a tile begins this much, or less, after its binding
  slices: u32, length: u32, end_of_sequence: u32
}

@group(0) @binding(0) var<storage, read> blocks: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read> logits: array<u32>;
@group(0) @binding(2) var<storage, read> forbidden: array<u32>;
@group(0) @binding(3) var<storage, read_write> parts: array<vec4<u32>>;
@group(0) @binding(4) var<uniform> sizes: Sizes;

override FORBIDDEN: bool = false;

const LOWEST = -3.402823e38;
const CLAMP = -87.0;
const LANES = 64u;
const SINGLES = 18u;
const NONE = 0xffffffffu;
const MAGNITUDE = vec4<u32>(0x7fffffffu);
const INFINITE = 0x7f800000u;

// The word of a binding at which this tile begins, of a buffer with so many words an example.
fn begin(words: u32) -> u32 {
  return (sizes.first * words) % sizes.alignment;
}

fn values(bits: vec4<u32>) -> vec4<f32> {
  return max(bitcast<vec4<f32>>(bits), vec4<f32>(LOWEST));
}

fn powers(x: vec4<f32>, m: f32) -> vec4<f32> {
  return exp(max(x - m, vec4<f32>(CLAMP)));
}

fn highest(a: vec4<f32>, b: vec4<f32>, c: vec4<f32>, d: vec4<f32>) -> f32 {
  let each = max(max(a, b), max(c, d));
  return max(max(each.x, each.y), max(each.z, each.w));
}

// The bits of 16 columns, one or two words of the row's mask.
fn forbidden_of(mask: u32, column: u32) -> u32 {
  let word = mask + column / 32u;
  let shift = column % 32u;
  var bits = forbidden[word] >> shift;
  if (shift > 16u) { bits |= forbidden[word + 1u] << (32u - shift); }
  return bits & 0xffffu;
}

fn allowed(x: vec4<f32>, bits: u32) -> vec4<f32> {
  return select(x, vec4<f32>(LOWEST), (vec4<u32>(bits) & vec4<u32>(1u, 2u, 4u, 8u)) != vec4<u32>(0u));
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let work = group.y * groups.x + group.x;
  let row = work / sizes.slices;
  let slice = work % sizes.slices;
  if (row >= sizes.examples * sizes.beams) { return; }
  let start = begin(sizes.beams * sizes.vocabulary) + row * sizes.vocabulary;
  let mask_words = (sizes.vocabulary + 31u) / 32u;
  let mask = begin(sizes.beams * mask_words) + row * mask_words;
  let lead = (4u - start % 4u) % 4u;
  let count = (sizes.vocabulary - lead) / 16u;
  let output = row * (SINGLES + sizes.slices * LANES);

  var m = LOWEST;
  var s = 0.0;
  var magnitude = vec4<u32>(0u);
  var best = LOWEST;
  let first = slice * sizes.length * LANES + lane;
  let end = min(count, (slice + 1u) * sizes.length * LANES);
  var at = select(NONE, lead + first * 16u, first < end && !FORBIDDEN);
  for (var block = first; block < end; block += LANES) {
    let word = (start + lead) / 4u + block * 4u;
    let a = blocks[word];
    let b = blocks[word + 1u];
    let c = blocks[word + 2u];
    let d = blocks[word + 3u];
    magnitude = max(max(magnitude, max(a & MAGNITUDE, b & MAGNITUDE)), max(c & MAGNITUDE, d & MAGNITUDE));
    let w = values(a);
    let x = values(b);
    let y = values(c);
    let z = values(d);
    let top = highest(w, x, y, z);
    if (FORBIDDEN) {
      let bits = forbidden_of(mask, lead + block * 16u);
      let permitted = highest(allowed(w, bits), allowed(x, bits >> 4u), allowed(y, bits >> 8u), allowed(z, bits >> 12u));
      if (bits != 0xffffu && (permitted > best || at == NONE)) {
        best = permitted;
        at = lead + block * 16u;
      }
    } else {
      at = select(at, lead + block * 16u, top > m);
    }
    let higher = max(m, top);
    let terms = (powers(w, higher) + powers(x, higher)) + (powers(y, higher) + powers(z, higher));
    s = s * exp(max(m - higher, CLAMP)) + ((terms.x + terms.y) + (terms.z + terms.w));
    m = higher;
  }
  if (!FORBIDDEN) { best = m; }
  let poisoned = max(max(magnitude.x, magnitude.y), max(magnitude.z, magnitude.w)) >= INFINITE;
  s = select(s, -1.0, poisoned);
  parts[output + SINGLES + slice * LANES + lane] =
    vec4<u32>(bitcast<u32>(m), bitcast<u32>(s), bitcast<u32>(best), at);

  if (slice == 0u && lane < SINGLES) {
    let column = lane + select(count * 16u, 0u, lane < lead);
    var single = vec4<u32>(bitcast<u32>(LOWEST), 0u, bitcast<u32>(LOWEST), NONE);
    if (column < sizes.vocabulary) {
      let bits = logits[start + column];
      let value = bitcast<u32>(max(bitcast<f32>(bits), LOWEST));
      let sum = select(1.0, -1.0, (bits & 0x7fffffffu) >= INFINITE);
      var is_forbidden = false;
      if (FORBIDDEN) { is_forbidden = ((forbidden[mask + column / 32u] >> (column % 32u)) & 1u) == 1u; }
      single = vec4<u32>(value, bitcast<u32>(sum), value, select(column, NONE, is_forbidden));
    }
    parts[output + lane] = single;
  }
}
