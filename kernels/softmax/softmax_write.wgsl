// softmax_write.wgsl: last pass of softmax over long rows: e^(x-m)/s, or x - m - log s with LOGARITHM.
//
// A thread takes a block of 16 columns of a row; the blocks of all rows are counted through, so that rows of any width fill
// workgroups. The row's one state is what softmax_merge.wgsl left.
// Numerics as in softmax_narrow.wgsl. Reads rows*columns floats, writes as many. No barrier.

struct Sizes { rows: u32, columns: u32, row_blocks: u32 }

@group(0) @binding(0) var<storage, read> logits: array<u32>;
@group(0) @binding(1) var<storage, read> states: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<u32>;
@group(0) @binding(3) var<uniform> sizes: Sizes;

override LOGARITHM: bool = false;

const LOWEST = -3.402823e38;
const NAN_BITS = 0x7fc00000u;
const BLOCK = 16u;

fn value_of(bits: u32, m: f32, scale: f32, log_s: f32, poisoned: bool) -> u32 {
  let x = max(bitcast<f32>(bits), LOWEST);
  let value = select(exp(x - m) * scale, max(x - m - log_s, LOWEST), LOGARITHM);
  return select(bitcast<u32>(value), NAN_BITS, poisoned);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  let row = index / sizes.row_blocks;
  if (row >= sizes.rows) { return; }
  let m = states[row * 3u];
  let s = states[row * 3u + 1u];
  let poisoned = states[row * 3u + 2u] > 0.5;
  let scale = 1.0 / s;
  let log_s = log(s);
  let start = row * sizes.columns;
  let first = index % sizes.row_blocks * BLOCK;
  if (first + BLOCK <= sizes.columns) {
    // Written out, not as a loop: a step of a loop costs more than several columns do.
    let x0 = logits[start + first + 0u];
    let x1 = logits[start + first + 1u];
    let x2 = logits[start + first + 2u];
    let x3 = logits[start + first + 3u];
    let x4 = logits[start + first + 4u];
    let x5 = logits[start + first + 5u];
    let x6 = logits[start + first + 6u];
    let x7 = logits[start + first + 7u];
    let x8 = logits[start + first + 8u];
    let x9 = logits[start + first + 9u];
    let x10 = logits[start + first + 10u];
    let x11 = logits[start + first + 11u];
    let x12 = logits[start + first + 12u];
    let x13 = logits[start + first + 13u];
    let x14 = logits[start + first + 14u];
    let x15 = logits[start + first + 15u];
    result[start + first + 0u] = value_of(x0, m, scale, log_s, poisoned);
    result[start + first + 1u] = value_of(x1, m, scale, log_s, poisoned);
    result[start + first + 2u] = value_of(x2, m, scale, log_s, poisoned);
    result[start + first + 3u] = value_of(x3, m, scale, log_s, poisoned);
    result[start + first + 4u] = value_of(x4, m, scale, log_s, poisoned);
    result[start + first + 5u] = value_of(x5, m, scale, log_s, poisoned);
    result[start + first + 6u] = value_of(x6, m, scale, log_s, poisoned);
    result[start + first + 7u] = value_of(x7, m, scale, log_s, poisoned);
    result[start + first + 8u] = value_of(x8, m, scale, log_s, poisoned);
    result[start + first + 9u] = value_of(x9, m, scale, log_s, poisoned);
    result[start + first + 10u] = value_of(x10, m, scale, log_s, poisoned);
    result[start + first + 11u] = value_of(x11, m, scale, log_s, poisoned);
    result[start + first + 12u] = value_of(x12, m, scale, log_s, poisoned);
    result[start + first + 13u] = value_of(x13, m, scale, log_s, poisoned);
    result[start + first + 14u] = value_of(x14, m, scale, log_s, poisoned);
    result[start + first + 15u] = value_of(x15, m, scale, log_s, poisoned);
  } else {
    for (var column = first; column < sizes.columns; column++) {
      result[start + column] = value_of(logits[start + column], m, scale, log_s, poisoned);
    }
  }
}
