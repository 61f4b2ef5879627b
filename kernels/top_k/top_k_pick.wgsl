// top_k_pick.wgsl: large k; finds the threshold's digit in the histogram of a row, one thread a row, and empties the histogram.
//
// From the highest digit down: the digit at which as many pairs are reached as are still wanted. Where these are all of the
// digit's pairs, the threshold is settled: its lower digits stay 0, and the pairs that are not below it are the k winners. The
// last digit settles it always, since no two pairs are equal.

struct Sizes { rows: u32, bit: u32, of_column: u32 }

@group(0) @binding(0) var<storage, read_write> states: array<u32>;
@group(0) @binding(1) var<storage, read_write> histogram: array<u32>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

const STATE = 5u;
const BINS = 256u;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let row = (group.y * groups.x + group.x) * 64u + lane;
  if (row >= sizes.rows) { return; }
  if (states[row * STATE + 3u] == 1u) { return; }
  var wanted = states[row * STATE + 2u];
  var digit = 0u;
  var found = false;
  var all = false;
  for (var below = BINS; below > 0u; below--) {
    let at = row * BINS + below - 1u;
    let count = histogram[at];
    histogram[at] = 0u;
    if (!found) {
      if (count >= wanted) {
        found = true;
        digit = below - 1u;
        all = count == wanted;
      } else {
        wanted -= count;
      }
    }
  }
  states[row * STATE + sizes.of_column] |= digit << sizes.bit;
  states[row * STATE + 2u] = wanted;
  states[row * STATE + 3u] = select(0u, 1u, all);
}
