// attention_pairs.wgsl: weights and their slopes, for the gradient of attention: eight queries and eight keys of one head a thread.
//
// From the scores x = scale q.k + bias, made anew as in attention_forward.wgsl, and what is kept of each query, m, 1/s and D = dO.O:
//   w = e^(x-m) / s,   weight = f w,   slope = w (f dO.v - D),   f the factor of dropout.
// A slope is the gradient of the loss by x. Both are written for a chunk of planes (a plane is a head of a row of the batch) and of
// queries, as [planes, rows, columns] each, slopes after weights; rows and columns are whole eights, and those that stand for no
// query or no key hold zeros.
// Numerics: masked keys as in attention_forward.wgsl. A query whose 1/s is NaN has NaN in both.
// A thread reads 32 blocks of four columns for each 128 multiplications and additions by them; writes 2 floats a pair. No barrier.

struct Sizes {
  planes: u32, heads: u32, queries: u32, keys: u32, blocks: u32, first_plane: u32, scale: f32,
  masked: u32, seen_first: i32,
  threshold: u32, kept: f32, seed: u32, site: u32, step: u32,
  plane_of_tile: u32, first_row: u32, rows: u32, columns: u32, slopes_at: u32,
}

@group(0) @binding(0) var<storage, read> query: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> key: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> value: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> mask: array<f32>;
@group(0) @binding(4) var<storage, read> bias: array<f32>;
@group(0) @binding(5) var<storage, read> upstream: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read> states: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> pairs: array<vec4<f32>>;
@group(0) @binding(8) var<uniform> sizes: Sizes;

override BIAS: bool = false;
override DROPOUT: bool = false;
// A row of weights may begin in the middle of a pair of random words.
override ODD_KEYS: bool = false;

const LOWEST = -3.402823e38;

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

// Which weights of eight queries and eight keys dropout keeps: eight bits a row. A loop, since written out it would be most of the shader.
fn kept_of_tile(plane: u32, i: u32, first: u32) -> vec2<u32> {
  var kept = vec2<u32>(0u);
  for (var four = 0u; four < 16u; four++) {
    let row = plane * sizes.queries + min(i + four / 2u, sizes.queries - 1u);
    let bits = kept_of(row * sizes.keys + first + four % 2u * 4u) << (four % 8u * 4u);
    kept |= select(vec2<u32>(0u), vec2<u32>(bits), vec2<u32>(four / 8u) == vec2<u32>(0u, 1u));
  }
  return kept;
}

struct Pairs { weights: vec4<f32>, slopes: vec4<f32> }

// Weights and slopes of query `i` and four keys.
fn pairs_of(product: vec4<f32>, change: vec4<f32>, state: vec4<f32>, plane: u32, i: u32, first: u32, real: vec4<bool>,
            kept: u32) -> Pairs {
  var x = product * sizes.scale;
  let j = vec4<u32>(first) + vec4<u32>(0u, 1u, 2u, 3u);
  if (BIAS) {
    let at = min(j, vec4<u32>(sizes.keys - 1u)) + (plane % sizes.heads * sizes.queries + i) * sizes.keys;
    x += vec4<f32>(bias[at.x], bias[at.y], bias[at.z], bias[at.w]);
  }
  let visible = real & (vec4<i32>(j) < vec4<i32>(i32(i) + sizes.seen_first));
  x = select(vec4<f32>(LOWEST), max(x, vec4<f32>(LOWEST)), visible);
  let w = select(vec4<f32>(0.0), exp(x - state.x) * state.y, j < vec4<u32>(sizes.keys));
  var f = vec4<f32>(1.0);
  if (DROPOUT) { f = select(vec4<f32>(0.0), vec4<f32>(sizes.kept), (vec4<u32>(kept) & vec4<u32>(1u, 2u, 4u, 8u)) != vec4<u32>(0u)); }
  return Pairs(w * f, w * (f * change - state.z));
}

fn real_of(batch: u32, first: u32) -> vec4<bool> {
  let j = min(vec4<u32>(first) + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(sizes.keys - 1u)) + batch * sizes.keys;
  return vec4<f32>(mask[j.x], mask[j.y], mask[j.z], mask[j.w]) != vec4<f32>(0.0);
}

// Writes those of query `i` and eight keys; zeros where the row stands for no query.
fn write(products: mat2x4<f32>, changes: mat2x4<f32>, plane: u32, i: u32, row: u32, first: u32, real_a: vec4<bool>, real_b: vec4<bool>,
         kept: u32, at: u32) {
  let own = min(i, sizes.queries - 1u);
  let state = states[plane * sizes.queries + own];
  let exists = vec4<bool>(i < sizes.queries);
  let a = pairs_of(products[0], changes[0], state, plane, own, first, real_a, kept);
  let b = pairs_of(products[1], changes[1], state, plane, own, first + 4u, real_b, kept >> 4u);
  let none = vec4<f32>(0.0);
  let to = at + row * (sizes.columns / 4u);
  pairs[to] = select(none, a.weights, exists);
  pairs[to + 1u] = select(none, b.weights, exists);
  pairs[to + sizes.slopes_at] = select(none, a.slopes, exists);
  pairs[to + sizes.slopes_at + 1u] = select(none, b.slopes, exists);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  let across = sizes.columns / 8u;
  let per_plane = sizes.rows / 8u * across;
  let chunk_plane = index / per_plane;
  if (chunk_plane >= sizes.planes) { return; }
  let row = index % per_plane / across * 8u;
  let first = index % across * 8u;
  let own_plane = sizes.plane_of_tile + chunk_plane;
  let plane = sizes.first_plane + own_plane;
  let blocks = sizes.blocks;
  let width = sizes.heads * blocks;
  let head = plane % sizes.heads * blocks;
  let own_batch = own_plane / sizes.heads;
  let i = sizes.first_row + row;
  let queries_at = own_batch * sizes.queries * width + head;
  let last_query = vec4<u32>(sizes.queries - 1u);
  let q = min(vec4<u32>(i) + vec4<u32>(0u, 1u, 2u, 3u), last_query) * width + queries_at;
  let r = min(vec4<u32>(i) + vec4<u32>(4u, 5u, 6u, 7u), last_query) * width + queries_at;
  let keys_at = own_batch * sizes.keys * width + head;
  let last_key = vec4<u32>(sizes.keys - 1u);
  let k = min(vec4<u32>(first) + vec4<u32>(0u, 1u, 2u, 3u), last_key) * width + keys_at;
  let l = min(vec4<u32>(first) + vec4<u32>(4u, 5u, 6u, 7u), last_key) * width + keys_at;

  var s0 = mat2x4<f32>();
  var s1 = mat2x4<f32>();
  var s2 = mat2x4<f32>();
  var s3 = mat2x4<f32>();
  var s4 = mat2x4<f32>();
  var s5 = mat2x4<f32>();
  var s6 = mat2x4<f32>();
  var s7 = mat2x4<f32>();
  for (var x = 0u; x < blocks; x++) {
    let a = mat4x4<f32>(key[k.x + x], key[k.y + x], key[k.z + x], key[k.w + x]);
    let b = mat4x4<f32>(key[l.x + x], key[l.y + x], key[l.z + x], key[l.w + x]);
    let q0 = query[q.x + x];
    let q1 = query[q.y + x];
    let q2 = query[q.z + x];
    let q3 = query[q.w + x];
    let q4 = query[r.x + x];
    let q5 = query[r.y + x];
    let q6 = query[r.z + x];
    let q7 = query[r.w + x];
    s0 += mat2x4<f32>(q0 * a, q0 * b);
    s1 += mat2x4<f32>(q1 * a, q1 * b);
    s2 += mat2x4<f32>(q2 * a, q2 * b);
    s3 += mat2x4<f32>(q3 * a, q3 * b);
    s4 += mat2x4<f32>(q4 * a, q4 * b);
    s5 += mat2x4<f32>(q5 * a, q5 * b);
    s6 += mat2x4<f32>(q6 * a, q6 * b);
    s7 += mat2x4<f32>(q7 * a, q7 * b);
  }
  var d0 = mat2x4<f32>();
  var d1 = mat2x4<f32>();
  var d2 = mat2x4<f32>();
  var d3 = mat2x4<f32>();
  var d4 = mat2x4<f32>();
  var d5 = mat2x4<f32>();
  var d6 = mat2x4<f32>();
  var d7 = mat2x4<f32>();
  for (var x = 0u; x < blocks; x++) {
    let a = mat4x4<f32>(value[k.x + x], value[k.y + x], value[k.z + x], value[k.w + x]);
    let b = mat4x4<f32>(value[l.x + x], value[l.y + x], value[l.z + x], value[l.w + x]);
    let u0 = upstream[q.x + x];
    let u1 = upstream[q.y + x];
    let u2 = upstream[q.z + x];
    let u3 = upstream[q.w + x];
    let u4 = upstream[r.x + x];
    let u5 = upstream[r.y + x];
    let u6 = upstream[r.z + x];
    let u7 = upstream[r.w + x];
    d0 += mat2x4<f32>(u0 * a, u0 * b);
    d1 += mat2x4<f32>(u1 * a, u1 * b);
    d2 += mat2x4<f32>(u2 * a, u2 * b);
    d3 += mat2x4<f32>(u3 * a, u3 * b);
    d4 += mat2x4<f32>(u4 * a, u4 * b);
    d5 += mat2x4<f32>(u5 * a, u5 * b);
    d6 += mat2x4<f32>(u6 * a, u6 * b);
    d7 += mat2x4<f32>(u7 * a, u7 * b);
  }

  var real_a = vec4<bool>(true);
  var real_b = vec4<bool>(true);
  if (sizes.masked != 0u) {
    real_a = real_of(plane / sizes.heads, first);
    real_b = real_of(plane / sizes.heads, first + 4u);
  }
  var kept = vec2<u32>(0u);
  if (DROPOUT) { kept = kept_of_tile(plane, i, first); }
  let at = (chunk_plane * sizes.rows * sizes.columns + first) / 4u;
  write(s0, d0, plane, i, row, first, real_a, real_b, kept.x, at);
  write(s1, d1, plane, i + 1u, row + 1u, first, real_a, real_b, kept.x >> 8u, at);
  write(s2, d2, plane, i + 2u, row + 2u, first, real_a, real_b, kept.x >> 16u, at);
  write(s3, d3, plane, i + 3u, row + 3u, first, real_a, real_b, kept.x >> 24u, at);
  write(s4, d4, plane, i + 4u, row + 4u, first, real_a, real_b, kept.y, at);
  write(s5, d5, plane, i + 5u, row + 5u, first, real_a, real_b, kept.y >> 8u, at);
  write(s6, d6, plane, i + 6u, row + 6u, first, real_a, real_b, kept.y >> 16u, at);
  write(s7, d7, plane, i + 7u, row + 7u, first, real_a, real_b, kept.y >> 24u, at);
}
