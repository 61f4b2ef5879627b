// pack_half.wgsl: float32 to float16, rows of a matrix, eight neighbouring columns a thread.
//
// Integer arithmetic throughout, and not pack2x16float, whose rounding is the device's and whose result beyond the range is nothing at
// all: to nearest, ties to even, subnormals kept, so that every device gives the same bits. Of the bits a of |x|, with exponent e:
//   normal, e > 112:   (a - (112 << 23)) / 2^13, rounded; a carry into the exponent is right as it is
//   below:             (1.mantissa) / 2^(126 - e), rounded; from e = 101 down that is 0
// Finite numbers beyond 65504 become 65504. Infinity stays infinity and a NaN becomes 0x7e00, so that both show in a product.
// Reads a float and writes a half an element. No barrier. For columns that are a multiple of 4 and a stride that is one of 8;
// pack_half_words.wgsl takes any other. Columns and strides are in vec4.

struct Sizes { rows: u32, columns: u32, blocks: u32, stride: u32 }

@group(0) @binding(0) var<storage, read> values: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read_write> halves: array<vec4<u32>>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

const INFINITE = 0x7f800000u;
// 65504, the largest float16, as a float32.
const MOST = 0x477fe000u;

// The quotient by 2^shift to nearest, ties to even.
fn rounded(x: vec4<u32>, shift: vec4<u32>) -> vec4<u32> {
  let even = (x >> shift) & vec4<u32>(1u);
  return (x + (vec4<u32>(1u) << (shift - 1u)) - 1u + even) >> shift;
}

fn half_bits(bits: vec4<u32>) -> vec4<u32> {
  let sign = (bits >> vec4<u32>(16u)) & vec4<u32>(0x8000u);
  let all = bits & vec4<u32>(0x7fffffffu);
  let finite = min(all, vec4<u32>(MOST));
  let exponent = finite >> vec4<u32>(23u);
  let is_normal = exponent > vec4<u32>(112u);
  let mantissa = (finite & vec4<u32>(0x7fffffu)) | vec4<u32>(0x800000u);
  let small = rounded(mantissa, min(126u - min(exponent, vec4<u32>(112u)), vec4<u32>(25u)));
  let normal = rounded(max(finite, vec4<u32>(0x38000000u)) - 0x38000000u, vec4<u32>(13u));
  var result = select(small, normal, is_normal) | sign;
  result = select(result, sign | vec4<u32>(0x7c00u), all == vec4<u32>(INFINITE));
  return select(result, vec4<u32>(0x7e00u), all > vec4<u32>(INFINITE));
}

fn paired(half: vec4<u32>) -> vec2<u32> {
  return half.xz | (half.yw << vec2<u32>(16u));
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  let row = index / sizes.blocks;
  if (row >= sizes.rows) { return; }
  let block = index % sizes.blocks;
  let column = block * 2u;
  let at = row * sizes.columns + column;
  let first = paired(half_bits(values[at]));
  // The last block of a row may be half a one.
  var second = vec2<u32>();
  if (column + 1u < sizes.columns) { second = paired(half_bits(values[at + 1u])); }
  halves[row * sizes.stride / 2u + block] = vec4<u32>(first, second);
}
