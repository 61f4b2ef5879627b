// pack_half_words.wgsl: float32 to float16, rows of a matrix, two neighbouring columns a thread, of any width.
//
// Rounding, range, infinity and NaN as in pack_half.wgsl. Behind a last odd column stands a 0. No barrier.

struct Sizes { rows: u32, columns: u32, words: u32, stride: u32 }

@group(0) @binding(0) var<storage, read> values: array<u32>;
@group(0) @binding(1) var<storage, read_write> halves: array<u32>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

const INFINITE = 0x7f800000u;
// 65504, the largest float16, as a float32.
const MOST = 0x477fe000u;

// The quotient by 2^shift to nearest, ties to even.
fn rounded(x: u32, shift: u32) -> u32 {
  return (x + (1u << (shift - 1u)) - 1u + ((x >> shift) & 1u)) >> shift;
}

fn half_bits(bits: u32) -> u32 {
  let sign = (bits >> 16u) & 0x8000u;
  let all = bits & 0x7fffffffu;
  if (all > INFINITE) { return 0x7e00u; }
  if (all == INFINITE) { return sign | 0x7c00u; }
  let finite = min(all, MOST);
  let exponent = finite >> 23u;
  if (exponent > 112u) { return sign | rounded(finite - 0x38000000u, 13u); }
  return sign | rounded((finite & 0x7fffffu) | 0x800000u, min(126u - exponent, 25u));
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  let row = index / sizes.words;
  if (row >= sizes.rows) { return; }
  let word = index % sizes.words;
  let column = word * 2u;
  let at = row * sizes.columns + column;
  var second = 0u;
  if (column + 1u < sizes.columns) { second = half_bits(values[at + 1u]); }
  halves[row * sizes.stride / 2u + word] = half_bits(values[at]) | (second << 16u);
}
