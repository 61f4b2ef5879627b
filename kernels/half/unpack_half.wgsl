// unpack_half.wgsl: float16 to float32, rows of a matrix, two neighbouring columns a thread. Exact.
//
// Integer arithmetic, since unpack2x16float may give 0 for a subnormal: that is its mantissa times 2^-24. Infinity stays infinity, a
// NaN a NaN; both are written as bits. No barrier.

struct Sizes { rows: u32, columns: u32, words: u32, stride: u32 }

@group(0) @binding(0) var<storage, read> halves: array<u32>;
@group(0) @binding(1) var<storage, read_write> values: array<u32>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

fn float_bits(half: u32) -> u32 {
  let sign = (half & 0x8000u) << 16u;
  let mantissa = half & 0x3ffu;
  let exponent = (half >> 10u) & 0x1fu;
  if (exponent == 0u) { return sign | bitcast<u32>(f32(mantissa) * 5.9604644775390625e-8); }
  if (exponent == 31u) { return sign | 0x7f800000u | (mantissa << 13u); }
  return sign | ((exponent + 112u) << 23u) | (mantissa << 13u);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  let row = index / sizes.words;
  if (row >= sizes.rows) { return; }
  let word = index % sizes.words;
  let column = word * 2u;
  let pair = halves[row * sizes.stride / 2u + word];
  let at = row * sizes.columns + column;
  values[at] = float_bits(pair & 0xffffu);
  if (column + 1u < sizes.columns) { values[at + 1u] = float_bits(pair >> 16u); }
}
