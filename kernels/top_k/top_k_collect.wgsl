// top_k_collect.wgsl: large k; writes the pairs of a row that are not below its threshold to the places of the winners.
//
// One thread a value; neighbouring threads read neighbouring columns. A winner's place is the next free one, so the order of the
// places depends on the schedule: top_k_sort.wgsl, to which no two pairs are equal, undoes that. Reads rows*columns words once.

struct Sizes { rows: u32, columns: u32, places: u32, shift: u32 }

@group(0) @binding(0) var<storage, read> values: array<u32>;
@group(0) @binding(1) var<storage, read_write> states: array<atomic<u32>>;
@group(0) @binding(2) var<storage, read_write> winners: array<vec2<u32>>;
@group(0) @binding(3) var<uniform> sizes: Sizes;

const STATE = 5u;

fn key_of(given: u32) -> u32 {
  let bits = select(given, 0u, given == 0x80000000u);
  let key = select(bits ^ 0x80000000u, ~bits, bits >= 0x80000000u);
  return select(key, 0xffffffffu, (bits & 0x7f800000u) == 0x7f800000u);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  if (index >= sizes.rows * sizes.columns) { return; }
  let row = index / sizes.columns;
  let column = index % sizes.columns;
  let key = key_of(values[sizes.shift + index]);
  let key_threshold = atomicLoad(&states[row * STATE]);
  if (key < key_threshold) { return; }
  if (key == key_threshold && sizes.columns - 1u - column < atomicLoad(&states[row * STATE + 1u])) { return; }
  let place = atomicAdd(&states[row * STATE + 4u], 1u);
  winners[row * sizes.places + place] = vec2<u32>(key, column);
}
