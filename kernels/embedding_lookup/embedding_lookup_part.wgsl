// embedding_lookup_part.wgsl: looks up rows in one part of a table; one thread a position and column.
//
// A table that no binding holds is cut by rows. Each position's row is in one of the parts; in the dispatches of all others its threads
// do nothing. Tables after the first add to what is there: in order, the same additions as of whole tables.
// For widths that are no multiple of four; embedding_lookup_part_vectors.wgsl takes the others.
// The host has checked the ids. No barrier.

struct Sizes { positions: u32, columns: u32, first: u32, first_row: u32, rows: u32 }

@group(0) @binding(0) var<storage, read> part: array<f32>;
// The rows that this table's positions look up; those of this tile begin at `first`.
@group(0) @binding(1) var<storage, read> ids: array<u32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;
@group(0) @binding(3) var<uniform> sizes: Sizes;

override ADDS: bool = false;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  if (index >= sizes.positions * sizes.columns) { return; }
  // Below the first row this wraps around, far above the last.
  let row = ids[sizes.first + index / sizes.columns] - sizes.first_row;
  if (row >= sizes.rows) { return; }
  let value = part[row * sizes.columns + index % sizes.columns];
  if (ADDS) {
    result[index] += value;
  } else {
    result[index] = value;
  }
}
