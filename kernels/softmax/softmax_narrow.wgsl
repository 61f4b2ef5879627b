// softmax_narrow.wgsl: softmax or log-softmax of short rows, one thread a row.
//
// Two passes over a row: m = max and s = sum e^(x-m), online; then e^(x-m)/s, or x - m - log s with LOGARITHM.
// Numerics: inputs below LOWEST count as LOWEST, so that a row that is masked throughout is uniform. A row that holds a NaN or
// +infinity becomes NaN throughout: WGSL may assume that there are none, so they are found, and written, as bits.
// Reads rows*columns floats twice (the second time from cache), writes them once. No barrier.

struct Sizes { rows: u32, columns: u32 }

@group(0) @binding(0) var<storage, read> logits: array<u32>;
@group(0) @binding(1) var<storage, read_write> result: array<u32>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

override LOGARITHM: bool = false;

const LOWEST = -3.402823e38;
const CLAMP = -87.0;
const NAN_BITS = 0x7fc00000u;

fn is_poison(bits: u32) -> bool {
  return (bits & 0x7fffffffu) > 0x7f800000u || bits == 0x7f800000u;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let row = (group.y * groups.x + group.x) * 64u + lane;
  if (row >= sizes.rows) { return; }
  let start = row * sizes.columns;
  var m = LOWEST;
  var s = 0.0;
  var poisoned = false;
  for (var column = 0u; column < sizes.columns; column++) {
    let bits = logits[start + column];
    poisoned = poisoned || is_poison(bits);
    let x = max(bitcast<f32>(bits), LOWEST);
    let e = exp(max(min(x, m) - max(x, m), CLAMP));
    s = select(s + e, s * e + 1.0, x > m);
    m = max(m, x);
  }
  let scale = 1.0 / s;
  let log_s = log(s);
  for (var column = 0u; column < sizes.columns; column++) {
    let x = max(bitcast<f32>(logits[start + column]), LOWEST);
    let value = select(exp(x - m) * scale, max(x - m - log_s, LOWEST), LOGARITHM);
    result[start + column] = select(bitcast<u32>(value), NAN_BITS, poisoned);
  }
}
