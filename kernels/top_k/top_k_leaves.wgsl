// top_k_leaves.wgsl: small k, first pass; the best of every 32 values of a row, one thread each.
//
// A tournament: 32 values meet, then 32 winners, and so on, until at most 32 are left of a row (top_k_levels.wgsl);
// top_k_extract.wgsl then takes the best k times over and replays only the matches that it had won.
// A value becomes a key whose order as uint32 is the order of the values: the bits with the sign bit turned, all bits turned where
// it was set. -0 counts as 0. NaN and infinities, found by their bits, get the highest key, so that they win and are named.
// Of (key, column) pairs no two are equal: the higher key comes first, of equal keys the lower column.
// Thread g takes the columns g, g + groups, g + 2 groups, ...: neighbouring threads read neighbouring columns.
// Reads rows*columns words once, writes 2 for every 32. No barrier.

// `shift` is where the tile begins in its binding, `row_pairs` what a row has in `levels`: all of its levels.
struct Sizes { rows: u32, columns: u32, groups: u32, row_pairs: u32, shift: u32 }

@group(0) @binding(0) var<storage, read> values: array<u32>;
@group(0) @binding(1) var<storage, read_write> levels: array<vec2<u32>>;
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
  if (index >= sizes.rows * sizes.groups) { return; }
  let row = index / sizes.groups;
  let own = index % sizes.groups;
  let start = sizes.shift + row * sizes.columns;
  var best = NONE;
  // Columns ascend, so that an equal key never replaces the lower column.
  for (var column = own; column < sizes.columns; column += sizes.groups) {
    let key = key_of(values[start + column]);
    best = select(best, vec2<u32>(key, column), key > best.x);
  }
  levels[row * sizes.row_pairs + own] = best;
}
