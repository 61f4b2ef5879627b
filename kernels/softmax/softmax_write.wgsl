// softmax_write.wgsl: last pass of softmax over long rows: e^(x-m)/s, or x - m - log s with LOGARITHM.
//
// A workgroup takes 1,024 columns of one row, each thread every 64th of them, so that neighbouring threads read and write
// neighbouring columns. The row's one state is what softmax_merge.wgsl left.
// Numerics as in softmax_narrow.wgsl. Reads rows*columns floats, writes as many. No barrier.

struct Sizes { rows: u32, columns: u32, row_groups: u32 }

@group(0) @binding(0) var<storage, read> logits: array<u32>;
@group(0) @binding(1) var<storage, read> states: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<u32>;
@group(0) @binding(3) var<uniform> sizes: Sizes;

override LOGARITHM: bool = false;

const LOWEST = -3.402823e38;
const NAN_BITS = 0x7fc00000u;
const LANES = 64u;
const GROUP_COLUMNS = 1024u;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = group.y * groups.x + group.x;
  let row = index / sizes.row_groups;
  if (row >= sizes.rows) { return; }
  let m = states[row * 3u];
  let s = states[row * 3u + 1u];
  let poisoned = states[row * 3u + 2u] > 0.5;
  let scale = 1.0 / s;
  let log_s = log(s);
  let start = row * sizes.columns;
  let first = index % sizes.row_groups * GROUP_COLUMNS;
  let end = min(first + GROUP_COLUMNS, sizes.columns);
  for (var column = first + lane; column < end; column += LANES) {
    let x = max(bitcast<f32>(logits[start + column]), LOWEST);
    let value = select(exp(x - m) * scale, max(x - m - log_s, LOWEST), LOGARITHM);
    result[start + column] = select(bitcast<u32>(value), NAN_BITS, poisoned);
  }
}
