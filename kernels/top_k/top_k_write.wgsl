// top_k_write.wgsl: large k, last pass; turns the first k sorted winners of a row to values and indices, one thread each.
//
// A row whose first winner has the highest key held a NaN or an infinity: its first index becomes 2^31 + the column.

// `first` is the row of the outputs where the tile begins.
struct Sizes { rows: u32, k: u32, places: u32, first: u32 }

@group(0) @binding(0) var<storage, read> winners: array<vec2<u32>>;
@group(0) @binding(1) var<storage, read_write> best: array<u32>;
@group(0) @binding(2) var<storage, read_write> indices: array<u32>;
@group(0) @binding(3) var<uniform> sizes: Sizes;

const POISON = 0xffffffffu;
const MARKER = 0x80000000u;

fn bits_of(key: u32) -> u32 {
  return select(~key, key ^ 0x80000000u, key >= 0x80000000u);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  if (index >= sizes.rows * sizes.k) { return; }
  let rank = index % sizes.k;
  let winner = winners[(index / sizes.k) * sizes.places + rank];
  let out = sizes.first * sizes.k + index;
  best[out] = bits_of(winner.x);
  indices[out] = select(winner.y, MARKER | winner.y, rank == 0u && winner.x == POISON);
}
