// top_k_begin.wgsl: large k, first pass; empties the histogram, the thresholds and the places of the winners. One thread a word
// of a row's histogram or a place.

struct Sizes { rows: u32, places: u32, k: u32, items: u32 }

// Of a row: key of the threshold, its inverted column, how many are still wanted, whether the threshold is known, winners so far.
@group(0) @binding(0) var<storage, read_write> states: array<u32>;
@group(0) @binding(1) var<storage, read_write> histogram: array<u32>;
@group(0) @binding(2) var<storage, read_write> winners: array<vec2<u32>>;
@group(0) @binding(3) var<uniform> sizes: Sizes;

const STATE = 5u;
const BINS = 256u;
const NONE = vec2<u32>(0u, 0xffffffffu);

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  if (index >= sizes.rows * sizes.items) { return; }
  let row = index / sizes.items;
  let item = index % sizes.items;
  if (item < STATE) { states[row * STATE + item] = select(0u, sizes.k, item == 2u); }
  if (item < BINS) { histogram[row * BINS + item] = 0u; }
  if (item < sizes.places) { winners[row * sizes.places + item] = NONE; }
}
