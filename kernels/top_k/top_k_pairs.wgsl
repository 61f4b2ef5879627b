// top_k_pairs.wgsl: k that is most of a row; makes every value of it a candidate for the sort, one thread a place.
//
// Writes (key, column) pairs, see top_k_leaves.wgsl; the places past the last column get a pair that comes after all others.
// Reads rows*columns words once, writes 2 a place.

struct Sizes { rows: u32, columns: u32, places: u32, shift: u32 }

@group(0) @binding(0) var<storage, read> values: array<u32>;
@group(0) @binding(1) var<storage, read_write> winners: array<vec2<u32>>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

const NONE = vec2<u32>(0u, 0xffffffffu);

fn key_of(given: u32) -> u32 {
  let bits = select(given, 0u, given == 0x80000000u);
  let key = select(bits ^ 0x80000000u, ~bits, bits >= 0x80000000u);
  return select(key, 0xffffffffu, (bits & 0x7f800000u) == 0x7f800000u);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  if (index >= sizes.rows * sizes.places) { return; }
  let column = index % sizes.places;
  var pair = NONE;
  if (column < sizes.columns) {
    pair = vec2<u32>(key_of(values[sizes.shift + (index / sizes.places) * sizes.columns + column]), column);
  }
  winners[index] = pair;
}
