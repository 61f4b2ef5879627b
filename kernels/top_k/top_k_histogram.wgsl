// top_k_histogram.wgsl: large k; counts the digits of those pairs of a row that the threshold may still be among.
//
// A radix select. Pairs (key, inverted column), the key of top_k_leaves.wgsl and columns - 1 - column, are numbers of up to 8
// digits of 8 bits, all different; the k-th highest is the threshold. Digit by digit, from the highest, this pass counts the
// digits of the pairs that share the threshold's digits so far, and top_k_pick.wgsl finds its next digit. Most often a few
// digits settle it, and the passes that are left read nothing. Integer additions commute, so atomics do not make the result
// depend on the schedule. One workgroup a slice of a row; it counts in its own memory first. Reads rows*columns words a digit.

// The digit at `bit`, of the key or of the inverted column; `above` masks the digits before it.
struct Sizes { rows: u32, columns: u32, slices: u32, shift: u32, bit: u32, above: u32, of_column: u32 }

@group(0) @binding(0) var<storage, read> values: array<u32>;
@group(0) @binding(1) var<storage, read> states: array<u32>;
@group(0) @binding(2) var<storage, read_write> histogram: array<atomic<u32>>;
@group(0) @binding(3) var<uniform> sizes: Sizes;

const SLICE = 4096u;
const LANES = 64u;
const STATE = 5u;
const BINS = 256u;

var<workgroup> counts: array<atomic<u32>, BINS>;

fn key_of(given: u32) -> u32 {
  let bits = select(given, 0u, given == 0x80000000u);
  let key = select(bits ^ 0x80000000u, ~bits, bits >= 0x80000000u);
  return select(key, 0xffffffffu, (bits & 0x7f800000u) == 0x7f800000u);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let slice = group.y * groups.x + group.x;
  // No early return: every lane must reach the barrier.
  let live = slice < sizes.rows * sizes.slices;
  let row = select(0u, slice / sizes.slices, live);
  let first = (slice % sizes.slices) * SLICE;
  let settled = states[row * STATE + 3u] == 1u;
  let end = select(0u, min(first + SLICE, sizes.columns), live && !settled);
  let key_so_far = states[row * STATE];
  let column_so_far = states[row * STATE + 1u];
  for (var column = first + lane; column < end; column += LANES) {
    let key = key_of(values[sizes.shift + row * sizes.columns + column]);
    let inverted = sizes.columns - 1u - column;
    if (sizes.of_column == 0u) {
      if (((key ^ key_so_far) & sizes.above) == 0u) { atomicAdd(&counts[(key >> sizes.bit) & 255u], 1u); }
    } else if (key == key_so_far && ((inverted ^ column_so_far) & sizes.above) == 0u) {
      atomicAdd(&counts[(inverted >> sizes.bit) & 255u], 1u);
    }
  }
  workgroupBarrier();
  for (var bin = lane; bin < BINS; bin += LANES) {
    let count = atomicLoad(&counts[bin]);
    if (live && count > 0u) { atomicAdd(&histogram[row * BINS + bin], count); }
  }
}
