// embedding_lookup_vectors.wgsl: adds up the rows that a position looks up in one to three tables; one thread a position and four
// columns.
//
// The same as embedding_lookup.wgsl for widths that are a multiple of four, in vectors: `columns` counts those. No barrier.

struct Sizes { positions: u32, columns: u32, first: u32, count: u32 }

// Where there are fewer than three tables, the first stands in for those that are not read.
@group(0) @binding(0) var<storage, read> table_0: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> table_1: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> table_2: array<vec4<f32>>;
// [tables, count]: the row of each position. This tile's positions begin at `first`.
@group(0) @binding(3) var<storage, read> ids: array<u32>;
@group(0) @binding(4) var<storage, read_write> result: array<vec4<f32>>;
@group(0) @binding(5) var<uniform> sizes: Sizes;

override TABLES: u32 = 1u;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  if (index >= sizes.positions * sizes.columns) { return; }
  let column = index % sizes.columns;
  let position = sizes.first + index / sizes.columns;
  var sum = table_0[ids[position] * sizes.columns + column];
  if (TABLES > 1u) { sum += table_1[ids[sizes.count + position] * sizes.columns + column]; }
  if (TABLES > 2u) { sum += table_2[ids[2u * sizes.count + position] * sizes.columns + column]; }
  result[index] = sum;
}
