// cross_entropy_fold.wgsl: first pass of cross-entropy: each part of a row becomes (m, s, poison, spread, mass), one thread a part.
//
// m = max and s = sum e^(x-m) over the part; poison is 1 where a logit was a NaN or +infinity. With SPREAD, where the target is
// spread over classes by smoothing or by being soft: mass = sum q and spread = sum q (m - x), where q = w (share + confidence t)
// is a class's target times its weight; share is smoothing / classes, confidence is 1 - smoothing, t the soft target or nothing.
// The difference to the maximum keeps precision whatever all logits have in common; when the maximum rises, spread rises by mass
// times as much.
// Columns go to parts and streams, and poison is found, as in softmax_fold.wgsl. A row with a negative target is ignored: nothing of
// it is read, and its states mean nothing. Reads rows*classes floats once (twice as many for soft targets). No barrier.

struct Sizes { rows: u32, classes: u32, parts: u32, first_row: u32, share: f32, confidence: f32 }

@group(0) @binding(0) var<storage, read> logits: array<u32>;
// Class numbers, signed, of all rows; with SOFT float32 [rows, classes], of these rows.
@group(0) @binding(1) var<storage, read> targets: array<u32>;
// Not read without WEIGHTED.
@group(0) @binding(2) var<storage, read> class_weights: array<f32>;
@group(0) @binding(3) var<storage, read_write> states: array<f32>;
@group(0) @binding(4) var<uniform> sizes: Sizes;

override SOFT: bool = false;
override WEIGHTED: bool = false;
override SPREAD: bool = false;

const LOWEST = -3.402823e38;
const CLAMP = -87.0;
const BLOCK = 16u;

fn mass_at(start: u32, column: u32) -> f32 {
  var mass = sizes.share;
  if (SOFT) { mass += sizes.confidence * bitcast<f32>(targets[start + column]); }
  if (WEIGHTED) { mass *= class_weights[column]; }
  return mass;
}

fn masses_at(start: u32, column: u32) -> vec4<f32> {
  return vec4<f32>(
    mass_at(start, column),
    mass_at(start, column + 1u),
    mass_at(start, column + 2u),
    mass_at(start, column + 3u),
  );
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  let row = index / sizes.parts;
  if (row >= sizes.rows) { return; }
  if (!SOFT) {
    if (bitcast<i32>(targets[sizes.first_row + row]) < 0) { return; }
  }
  let start = row * sizes.classes;
  let whole = sizes.classes / BLOCK * BLOCK;
  let stride = sizes.parts * BLOCK;
  let lowest = vec4<f32>(LOWEST);
  let clamp_at = vec4<f32>(CLAMP);
  var m = lowest;
  var s = vec4<f32>(0.0);
  var spread = vec4<f32>(0.0);
  var mass = vec4<f32>(0.0);
  var positive = vec4<i32>(0);
  var negative = vec4<u32>(0u);
  var column = index % sizes.parts * BLOCK;
  for (; column < whole; column += stride) {
    let at = start + column;
    let a_bits = vec4<u32>(logits[at], logits[at + 1u], logits[at + 2u], logits[at + 3u]);
    let b_bits = vec4<u32>(logits[at + 4u], logits[at + 5u], logits[at + 6u], logits[at + 7u]);
    let c_bits = vec4<u32>(logits[at + 8u], logits[at + 9u], logits[at + 10u], logits[at + 11u]);
    let d_bits = vec4<u32>(logits[at + 12u], logits[at + 13u], logits[at + 14u], logits[at + 15u]);
    negative = max(max(max(negative, a_bits), max(b_bits, c_bits)), d_bits);
    positive = max(max(positive, bitcast<vec4<i32>>(a_bits)), bitcast<vec4<i32>>(b_bits));
    positive = max(max(positive, bitcast<vec4<i32>>(c_bits)), bitcast<vec4<i32>>(d_bits));
    let a = max(bitcast<vec4<f32>>(a_bits), lowest);
    let b = max(bitcast<vec4<f32>>(b_bits), lowest);
    let c = max(bitcast<vec4<f32>>(c_bits), lowest);
    let d = max(bitcast<vec4<f32>>(d_bits), lowest);
    let new_m = max(max(m, max(a, b)), max(c, d));
    if (SPREAD) {
      let a_mass = masses_at(start, column);
      let b_mass = masses_at(start, column + 4u);
      let c_mass = masses_at(start, column + 8u);
      let d_mass = masses_at(start, column + 12u);
      spread += mass * (new_m - m);
      spread += (a_mass * (new_m - a) + b_mass * (new_m - b)) + (c_mass * (new_m - c) + d_mass * (new_m - d));
      mass += (a_mass + b_mass) + (c_mass + d_mass);
    }
    s *= exp(max(m - new_m, clamp_at));
    m = new_m;
    s += (exp(max(a - m, clamp_at)) + exp(max(b - m, clamp_at))) + (exp(max(c - m, clamp_at)) + exp(max(d - m, clamp_at)));
  }
  var top = max(max(m.x, m.y), max(m.z, m.w));
  let scaled = s * exp(max(m - vec4<f32>(top), clamp_at));
  var total = (scaled.x + scaled.y) + (scaled.z + scaled.w);
  let raised = spread + mass * (vec4<f32>(top) - m);
  var all_spread = (raised.x + raised.y) + (raised.z + raised.w);
  var all_mass = (mass.x + mass.y) + (mass.z + mass.w);
  var largest = max(max(positive.x, positive.y), max(positive.z, positive.w));
  var least = max(max(negative.x, negative.y), max(negative.z, negative.w));
  // The short block, where this part has it: its columns begin at `whole` only there.
  if (column == whole) {
    for (; column < sizes.classes; column++) {
      let bits = logits[start + column];
      largest = max(largest, bitcast<i32>(bits));
      least = max(least, bits);
      let x = max(bitcast<f32>(bits), LOWEST);
      let new_top = max(top, x);
      if (SPREAD) {
        let own = mass_at(start, column);
        all_spread += all_mass * (new_top - top) + own * (new_top - x);
        all_mass += own;
      }
      let e = exp(max(min(x, top) - new_top, CLAMP));
      total = select(total + e, total * e + 1.0, x > top);
      top = new_top;
    }
  }
  let at = index * 5u;
  states[at] = top;
  states[at + 1u] = total;
  states[at + 2u] = select(0.0, 1.0, largest >= 0x7f800000 || least > 0xff800000u);
  states[at + 3u] = all_spread;
  states[at + 4u] = all_mass;
}
