// softmax_fold.wgsl: first pass of softmax over long rows: each part of a row becomes (m, s, poison), one thread a part.
//
// m = max and s = sum e^(x-m) over the part; poison is 1 where an input was a NaN or +infinity. Blocks of 16 columns go to the
// parts in turn, so that neighbouring threads read neighbouring blocks; the last block of a row may be short. Four streams run
// side by side, and a block's maxima are taken before its exponentials, so that sums are rescaled once in four columns of a
// stream. Numerics as in softmax_narrow.wgsl; poison is found as the largest bit pattern among positive and among negative
// numbers. An empty part has m = LOWEST and s = 0. Reads rows*columns floats once, writes 3 words a part. No barrier.

struct Sizes { rows: u32, columns: u32, parts: u32 }

@group(0) @binding(0) var<storage, read> logits: array<u32>;
@group(0) @binding(1) var<storage, read_write> states: array<f32>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

const LOWEST = -3.402823e38;
const CLAMP = -87.0;
const BLOCK = 16u;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  let row = index / sizes.parts;
  if (row >= sizes.rows) { return; }
  let start = row * sizes.columns;
  let whole = sizes.columns / BLOCK * BLOCK;
  let stride = sizes.parts * BLOCK;
  let lowest = vec4<f32>(LOWEST);
  let clamp_at = vec4<f32>(CLAMP);
  var m = lowest;
  var s = vec4<f32>(0.0);
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
    s *= exp(max(m - new_m, clamp_at));
    m = new_m;
    s += (exp(max(a - m, clamp_at)) + exp(max(b - m, clamp_at))) + (exp(max(c - m, clamp_at)) + exp(max(d - m, clamp_at)));
  }
  var top = max(max(m.x, m.y), max(m.z, m.w));
  let scaled = s * exp(max(m - vec4<f32>(top), clamp_at));
  var total = (scaled.x + scaled.y) + (scaled.z + scaled.w);
  var largest = max(max(positive.x, positive.y), max(positive.z, positive.w));
  var least = max(max(negative.x, negative.y), max(negative.z, negative.w));
  // The short block, where this part has it: its columns begin at `whole` only there.
  if (column == whole) {
    for (; column < sizes.columns; column++) {
      let bits = logits[start + column];
      largest = max(largest, bitcast<i32>(bits));
      least = max(least, bits);
      let x = max(bitcast<f32>(bits), LOWEST);
      let e = exp(max(min(x, top) - max(x, top), CLAMP));
      total = select(total + e, total * e + 1.0, x > top);
      top = max(top, x);
    }
  }
  states[index * 3u] = top;
  states[index * 3u + 1u] = total;
  states[index * 3u + 2u] = select(0.0, 1.0, largest >= 0x7f800000 || least > 0xff800000u);
}
