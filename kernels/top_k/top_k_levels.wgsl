// top_k_levels.wgsl: small k, a further round of the tournament; the best of every 32 winners of the level below, one thread each.
//
// As in top_k_leaves.wgsl, but for pairs: equal keys may come in any order of their columns, so these are compared as well.

// `below` and `own` are where the two levels begin in a row's pairs.
struct Sizes { rows: u32, below_size: u32, groups: u32, row_pairs: u32, below: u32, own: u32 }

@group(0) @binding(0) var<storage, read_write> levels: array<vec2<u32>>;
@group(0) @binding(1) var<uniform> sizes: Sizes;

const NONE = vec2<u32>(0u, 0xffffffffu);

fn precedes(a: vec2<u32>, b: vec2<u32>) -> bool {
  return a.x > b.x || (a.x == b.x && a.y < b.y);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  if (index >= sizes.rows * sizes.groups) { return; }
  let start = (index / sizes.groups) * sizes.row_pairs;
  let own = index % sizes.groups;
  var best = NONE;
  for (var at = own; at < sizes.below_size; at += sizes.groups) {
    let pair = levels[start + sizes.below + at];
    best = select(best, pair, precedes(pair, best));
  }
  levels[start + sizes.own + own] = best;
}
