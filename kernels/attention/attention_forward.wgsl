// attention_forward.wgsl: attention without written scores, eight queries of one head a thread.
//
// One pass over the keys, sixteen at a time (Dao et al., 2022). Of a tile of scores x = scale q.k + bias the softmax goes on online:
// with M = max(m, x):  s <- s e^(m-M) + sum e^(x-M),  context <- context e^(m-M) + sum e^(x-M) f v,  f the factor of dropout. The
// unfinished context lies in the output. The last tile divides by s. What is left for the gradient is m and 1/s of each query.
//
// Rows of heads are read as vec4, so a head takes whole blocks of four columns. Queries and keys over the end are those of the last one
// once more: such a query writes what the last one writes, and such a key weighs 0.
// Numerics: a masked score is LOWEST, so that a query all of whose keys are masked weighs all keys alike; so is a score below it. A
// score that is NaN or +infinity is found by its bits and makes the query's context and 1/s NaN. The first query may look at `seen_first`
// keys, each one after it at one more; tiles that none of the eight may look at are left out, unless one of them has seen no key at all.
// A thread reads 8 + 16 + 16 rows of a head a tile, of 256 multiplications and additions for each of their columns. No barrier.

struct Sizes {
  planes: u32, heads: u32, queries: u32, keys: u32, blocks: u32, first_plane: u32, scale: f32,
  masked: u32, seen_first: i32,
  threshold: u32, kept: f32, seed: u32, site: u32, step: u32,
}

@group(0) @binding(0) var<storage, read> query: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> key: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> value: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> mask: array<f32>;
@group(0) @binding(4) var<storage, read> bias: array<f32>;
@group(0) @binding(5) var<storage, read_write> context: array<vec4<u32>>;
@group(0) @binding(6) var<storage, read_write> states: array<vec2<u32>>;
@group(0) @binding(7) var<uniform> sizes: Sizes;

override BIAS: bool = false;
override DROPOUT: bool = false;
// A row of weights may begin in the middle of a pair of random words.
override ODD_KEYS: bool = false;

const LOWEST = -3.402823e38;
const NAN_BITS = 0x7fc00000u;
const TILE = 16u;

fn mixed(state: vec4<u32>, bits: u32) -> vec4<u32> {
  let x = state.xy + state.zw;
  return vec4<u32>(x, ((state.zw << vec2<u32>(bits)) | (state.zw >> vec2<u32>(32u - bits))) ^ x);
}

fn four_rounds(state: vec4<u32>, bits: vec4<u32>, injected: vec2<u32>) -> vec4<u32> {
  return mixed(mixed(mixed(mixed(state, bits.x), bits.y), bits.z), bits.w) + injected.xxyy;
}

// Threefry-2x32-20 of two counters, as in dropout.wgsl: the words of four elements in order.
fn words_of(pairs: vec2<u32>) -> vec4<u32> {
  let even = vec4<u32>(13u, 15u, 26u, 6u);
  let odd = vec4<u32>(17u, 29u, 16u, 24u);
  let a = sizes.seed;
  let b = sizes.site;
  let c = 0x1bd11bdau ^ a ^ b;
  var state = vec4<u32>(pairs + a, vec2<u32>(sizes.step + b));
  state = four_rounds(state, even, vec2<u32>(b, c + 1u));
  state = four_rounds(state, odd, vec2<u32>(c, a + 2u));
  state = four_rounds(state, even, vec2<u32>(a, b + 3u));
  state = four_rounds(state, odd, vec2<u32>(b, c + 4u));
  state = four_rounds(state, even, vec2<u32>(c, a + 5u));
  return state.xzyw;
}

// Which of four weights dropout keeps, in four bits.
fn kept_of(element: u32) -> u32 {
  let pair = element / 2u;
  var words = words_of(vec2<u32>(pair, pair + 1u));
  if (ODD_KEYS) {
    words = select(words, vec4<u32>(words.yzw, words_of(vec2<u32>(pair + 2u)).x), element % 2u == 1u);
  }
  return dot(select(vec4<u32>(0u), vec4<u32>(1u, 2u, 4u, 8u), words >= vec4<u32>(sizes.threshold)), vec4<u32>(1u));
}

// Which of the tile's weights dropout keeps: sixteen bits a row. A loop, since written out it would be most of the shader.
fn kept_of_tile(plane: u32, i: u32, first: u32) -> vec4<u32> {
  var kept = vec4<u32>(0u);
  for (var four = 0u; four < 32u; four++) {
    let row = plane * sizes.queries + min(i + four / 4u, sizes.queries - 1u);
    let bits = kept_of(row * sizes.keys + first + four % 4u * 4u) << (four % 8u * 4u);
    kept |= select(vec4<u32>(0u), vec4<u32>(bits), vec4<u32>(four / 8u) == vec4<u32>(0u, 1u, 2u, 3u));
  }
  return kept;
}

// The lowest `count` of 16 bits.
fn lowest_bits(count: i32) -> u32 {
  return (1u << u32(clamp(count, 0, 16))) - 1u;
}

fn bits_of(bits: u32, first: u32) -> vec4<bool> {
  return (vec4<u32>(bits >> first) & vec4<u32>(1u, 2u, 4u, 8u)) != vec4<u32>(0u);
}

fn real_bit(at: u32, bit: u32) -> u32 {
  return select(0u, bit, mask[at] != 0.0);
}

// Which of the tile's keys are no padding.
fn real_of(batch: u32, first: u32) -> u32 {
  var bits = 0u;
  for (var j = 0u; j < min(TILE, sizes.keys - first); j++) { bits |= real_bit(batch * sizes.keys + first + j, 1u << j); }
  return bits;
}

struct Row { m: f32, s: f32, poisoned: bool, rescale: f32, weights: mat4x4<f32> }

struct Scores { x: vec4<f32>, poisoned: bool }

fn scores_of(product: vec4<f32>, bias_row: u32, first: u32, visible: vec4<bool>) -> Scores {
  var x = product * sizes.scale;
  if (BIAS) {
    let j = min(vec4<u32>(first) + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(sizes.keys - 1u)) + bias_row;
    x += vec4<f32>(bias[j.x], bias[j.y], bias[j.z], bias[j.w]);
  }
  let bits = bitcast<vec4<u32>>(x);
  let poison = ((bits & vec4<u32>(0x7fffffffu)) > vec4<u32>(0x7f800000u)) | (bits == vec4<u32>(0x7f800000u));
  return Scores(select(vec4<f32>(LOWEST), max(x, vec4<f32>(LOWEST)), visible), any(poison & visible));
}

fn largest_of(x: vec4<f32>) -> f32 {
  let pairs = max(x.xy, x.zw);
  return max(pairs.x, pairs.y);
}

// Goes on with a row over a tile, of whose keys those are present that exist and those visible that are not masked.
fn advance(row: Row, products: mat4x4<f32>, plane: u32, i: u32, first: u32, present: u32, real: u32, kept: u32) -> Row {
  let visible = present & real & lowest_bits(i32(i) + sizes.seen_first - i32(first));
  let bias_row = (plane % sizes.heads * sizes.queries + i) * sizes.keys;
  let a = scores_of(products[0], bias_row, first, bits_of(visible, 0u));
  let b = scores_of(products[1], bias_row, first + 4u, bits_of(visible, 4u));
  let c = scores_of(products[2], bias_row, first + 8u, bits_of(visible, 8u));
  let d = scores_of(products[3], bias_row, first + 12u, bits_of(visible, 12u));
  let m = max(row.m, largest_of(max(max(a.x, b.x), max(c.x, d.x))));
  let none = vec4<f32>(0.0);
  var ea = select(none, exp(a.x - m), bits_of(present, 0u));
  var eb = select(none, exp(b.x - m), bits_of(present, 4u));
  var ec = select(none, exp(c.x - m), bits_of(present, 8u));
  var ed = select(none, exp(d.x - m), bits_of(present, 12u));
  let rescale = exp(row.m - m);
  let s = row.s * rescale + dot((ea + eb) + (ec + ed), vec4<f32>(1.0));
  if (DROPOUT) {
    ea = select(none, ea * sizes.kept, bits_of(kept, 0u));
    eb = select(none, eb * sizes.kept, bits_of(kept, 4u));
    ec = select(none, ec * sizes.kept, bits_of(kept, 8u));
    ed = select(none, ed * sizes.kept, bits_of(kept, 12u));
  }
  let poisoned = row.poisoned || a.poisoned || b.poisoned || c.poisoned || d.poisoned;
  return Row(m, s, poisoned, rescale, mat4x4<f32>(ea, eb, ec, ed));
}

fn divided(row: Row) -> Row {
  let inverse = 1.0 / row.s;
  return Row(row.m, row.s, row.poisoned, row.rescale * inverse, row.weights * inverse);
}

fn marked(x: vec4<f32>, poisoned: bool) -> vec4<u32> {
  return select(bitcast<vec4<u32>>(x), vec4<u32>(NAN_BITS), poisoned);
}

fn state_of(row: Row) -> vec2<u32> {
  return vec2<u32>(bitcast<u32>(row.m), select(bitcast<u32>(1.0 / row.s), NAN_BITS, row.poisoned));
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  let per_plane = (sizes.queries + 7u) / 8u;
  let own_plane = index / per_plane;
  if (own_plane >= sizes.planes) { return; }
  let plane = sizes.first_plane + own_plane;
  let batch = plane / sizes.heads;
  let blocks = sizes.blocks;
  let width = sizes.heads * blocks;
  let head = plane % sizes.heads * blocks;
  let last_query = sizes.queries - 1u;
  let i0 = index % per_plane * 8u;
  let i1 = min(i0 + 1u, last_query);
  let i2 = min(i0 + 2u, last_query);
  let i3 = min(i0 + 3u, last_query);
  let i4 = min(i0 + 4u, last_query);
  let i5 = min(i0 + 5u, last_query);
  let i6 = min(i0 + 6u, last_query);
  let i7 = min(i0 + 7u, last_query);
  let own_batch = own_plane / sizes.heads;
  let queries_at = own_batch * sizes.queries * width + head;
  let q0 = queries_at + i0 * width;
  let q1 = queries_at + i1 * width;
  let q2 = queries_at + i2 * width;
  let q3 = queries_at + i3 * width;
  let q4 = queries_at + i4 * width;
  let q5 = queries_at + i5 * width;
  let q6 = queries_at + i6 * width;
  let q7 = queries_at + i7 * width;
  let keys_at = own_batch * sizes.keys * width + head;
  let last_key = sizes.keys - 1u;

  let empty = Row(LOWEST, 0.0, false, 0.0, mat4x4<f32>());
  var row0 = empty;
  var row1 = empty;
  var row2 = empty;
  var row3 = empty;
  var row4 = empty;
  var row5 = empty;
  var row6 = empty;
  var row7 = empty;

  let end = u32(clamp(i32(i7) + sizes.seen_first, 1, i32(sizes.keys)));
  var last = false;
  for (var first = 0u; !last; first += TILE) {
    let k = min(vec4<u32>(first) + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(last_key)) * width + keys_at;
    let l = min(vec4<u32>(first) + vec4<u32>(4u, 5u, 6u, 7u), vec4<u32>(last_key)) * width + keys_at;
    let m = min(vec4<u32>(first) + vec4<u32>(8u, 9u, 10u, 11u), vec4<u32>(last_key)) * width + keys_at;
    let n = min(vec4<u32>(first) + vec4<u32>(12u, 13u, 14u, 15u), vec4<u32>(last_key)) * width + keys_at;

    var s0 = mat4x4<f32>();
    var s1 = mat4x4<f32>();
    var s2 = mat4x4<f32>();
    var s3 = mat4x4<f32>();
    var s4 = mat4x4<f32>();
    var s5 = mat4x4<f32>();
    var s6 = mat4x4<f32>();
    var s7 = mat4x4<f32>();
    for (var x = 0u; x < blocks; x++) {
      let ka = mat4x4<f32>(key[k.x + x], key[k.y + x], key[k.z + x], key[k.w + x]);
      let kb = mat4x4<f32>(key[l.x + x], key[l.y + x], key[l.z + x], key[l.w + x]);
      let kc = mat4x4<f32>(key[m.x + x], key[m.y + x], key[m.z + x], key[m.w + x]);
      let kd = mat4x4<f32>(key[n.x + x], key[n.y + x], key[n.z + x], key[n.w + x]);
      let a0 = query[q0 + x];
      let a1 = query[q1 + x];
      let a2 = query[q2 + x];
      let a3 = query[q3 + x];
      let a4 = query[q4 + x];
      let a5 = query[q5 + x];
      let a6 = query[q6 + x];
      let a7 = query[q7 + x];
      s0 += mat4x4<f32>(a0 * ka, a0 * kb, a0 * kc, a0 * kd);
      s1 += mat4x4<f32>(a1 * ka, a1 * kb, a1 * kc, a1 * kd);
      s2 += mat4x4<f32>(a2 * ka, a2 * kb, a2 * kc, a2 * kd);
      s3 += mat4x4<f32>(a3 * ka, a3 * kb, a3 * kc, a3 * kd);
      s4 += mat4x4<f32>(a4 * ka, a4 * kb, a4 * kc, a4 * kd);
      s5 += mat4x4<f32>(a5 * ka, a5 * kb, a5 * kc, a5 * kd);
      s6 += mat4x4<f32>(a6 * ka, a6 * kb, a6 * kc, a6 * kd);
      s7 += mat4x4<f32>(a7 * ka, a7 * kb, a7 * kc, a7 * kd);
    }

    let present = lowest_bits(i32(sizes.keys - first));
    var real = present;
    if (sizes.masked != 0u) { real = real_of(batch, first); }
    var kept = vec4<u32>(0u);
    if (DROPOUT) { kept = kept_of_tile(plane, i0, first); }
    row0 = advance(row0, s0, plane, i0, first, present, real, kept.x);
    row1 = advance(row1, s1, plane, i1, first, present, real, kept.x >> 16u);
    row2 = advance(row2, s2, plane, i2, first, present, real, kept.y);
    row3 = advance(row3, s3, plane, i3, first, present, real, kept.y >> 16u);
    row4 = advance(row4, s4, plane, i4, first, present, real, kept.z);
    row5 = advance(row5, s5, plane, i5, first, present, real, kept.z >> 16u);
    row6 = advance(row6, s6, plane, i6, first, present, real, kept.w);
    row7 = advance(row7, s7, plane, i7, first, present, real, kept.w >> 16u);

    let least = min(min(min(row0.m, row1.m), min(row2.m, row3.m)), min(min(row4.m, row5.m), min(row6.m, row7.m)));
    last = first + TILE >= sizes.keys || (first + TILE >= end && least > LOWEST);
    if (last) {
      row0 = divided(row0);
      row1 = divided(row1);
      row2 = divided(row2);
      row3 = divided(row3);
      row4 = divided(row4);
      row5 = divided(row5);
      row6 = divided(row6);
      row7 = divided(row7);
    }

    for (var x = 0u; x < blocks; x++) {
      let va = mat4x4<f32>(value[k.x + x], value[k.y + x], value[k.z + x], value[k.w + x]);
      let vb = mat4x4<f32>(value[l.x + x], value[l.y + x], value[l.z + x], value[l.w + x]);
      let vc = mat4x4<f32>(value[m.x + x], value[m.y + x], value[m.z + x], value[m.w + x]);
      let vd = mat4x4<f32>(value[n.x + x], value[n.y + x], value[n.z + x], value[n.w + x]);
      var o0 = va * row0.weights[0] + vb * row0.weights[1] + (vc * row0.weights[2] + vd * row0.weights[3]);
      var o1 = va * row1.weights[0] + vb * row1.weights[1] + (vc * row1.weights[2] + vd * row1.weights[3]);
      var o2 = va * row2.weights[0] + vb * row2.weights[1] + (vc * row2.weights[2] + vd * row2.weights[3]);
      var o3 = va * row3.weights[0] + vb * row3.weights[1] + (vc * row3.weights[2] + vd * row3.weights[3]);
      var o4 = va * row4.weights[0] + vb * row4.weights[1] + (vc * row4.weights[2] + vd * row4.weights[3]);
      var o5 = va * row5.weights[0] + vb * row5.weights[1] + (vc * row5.weights[2] + vd * row5.weights[3]);
      var o6 = va * row6.weights[0] + vb * row6.weights[1] + (vc * row6.weights[2] + vd * row6.weights[3]);
      var o7 = va * row7.weights[0] + vb * row7.weights[1] + (vc * row7.weights[2] + vd * row7.weights[3]);
      if (first > 0u) {
        o0 += bitcast<vec4<f32>>(context[q0 + x]) * row0.rescale;
        o1 += bitcast<vec4<f32>>(context[q1 + x]) * row1.rescale;
        o2 += bitcast<vec4<f32>>(context[q2 + x]) * row2.rescale;
        o3 += bitcast<vec4<f32>>(context[q3 + x]) * row3.rescale;
        o4 += bitcast<vec4<f32>>(context[q4 + x]) * row4.rescale;
        o5 += bitcast<vec4<f32>>(context[q5 + x]) * row5.rescale;
        o6 += bitcast<vec4<f32>>(context[q6 + x]) * row6.rescale;
        o7 += bitcast<vec4<f32>>(context[q7 + x]) * row7.rescale;
      }
      context[q0 + x] = marked(o0, row0.poisoned);
      context[q1 + x] = marked(o1, row1.poisoned);
      context[q2 + x] = marked(o2, row2.poisoned);
      context[q3 + x] = marked(o3, row3.poisoned);
      context[q4 + x] = marked(o4, row4.poisoned);
      context[q5 + x] = marked(o5, row5.poisoned);
      context[q6 + x] = marked(o6, row6.poisoned);
      context[q7 + x] = marked(o7, row7.poisoned);
    }
  }

  let states_at = plane * sizes.queries;
  states[states_at + i0] = state_of(row0);
  states[states_at + i1] = state_of(row1);
  states[states_at + i2] = state_of(row2);
  states[states_at + i3] = state_of(row3);
  states[states_at + i4] = state_of(row4);
  states[states_at + i5] = state_of(row5);
  states[states_at + i6] = state_of(row6);
  states[states_at + i7] = state_of(row7);
}
