// layer_norm_gradient_columns_plain.wgsl: sums over some rows of g y and of g, one thread a column of these rows, in order.
//
// For widths that are no multiple of 4; else layer_norm_gradient_write.wgsl does it, where the formulas are. No barrier.

struct Sizes { rows: u32, columns: u32, first: u32, thread_rows: u32 }

@group(0) @binding(0) var<storage, read> values: array<f32>;
@group(0) @binding(1) var<storage, read> moments: array<f32>;
@group(0) @binding(2) var<storage, read> upstream: array<f32>;
@group(0) @binding(3) var<storage, read_write> column_sums: array<f32>;
@group(0) @binding(4) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  let rows_index = index / sizes.columns;
  let first_row = rows_index * sizes.thread_rows;
  if (first_row >= sizes.rows) { return; }
  let column = index % sizes.columns;
  let end = min(first_row + sizes.thread_rows, sizes.rows);
  var weighted = 0.0;
  var plain = 0.0;
  for (var row = first_row; row < end; row++) {
    let base = (sizes.first + row) * 3u;
    let g = upstream[row * sizes.columns + column];
    let x = values[row * sizes.columns + column];
    plain += g;
    weighted += g * (((x - moments[base]) - moments[base + 1u]) * moments[base + 2u]);
  }
  let to = rows_index * 2u * sizes.columns + column;
  column_sums[to] = weighted;
  column_sums[to + sizes.columns] = plain;
}
