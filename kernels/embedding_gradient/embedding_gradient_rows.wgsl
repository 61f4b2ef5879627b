// embedding_gradient_rows.wgsl: second pass of two; adds the chunks of each listed table row, in order.
//
// One thread a row and column. A listed row without chunks becomes zero; rows that are not listed are not touched: the host has
// cleared them. For widths that are no multiple of four; embedding_gradient_rows_vectors.wgsl takes the others.

struct Sizes { listed: u32, columns: u32, rows: u32, first_chunks: u32, first_row: u32 }

// From `rows` on: the table row of each listed row; from `first_chunks` on: its chunks are first_chunks[i] to first_chunks[i + 1].
@group(0) @binding(0) var<storage, read> lookups: array<u32>;
@group(0) @binding(1) var<storage, read> sums: array<f32>;
// Of the table's rows from `first_row` on.
@group(0) @binding(2) var<storage, read_write> gradient: array<f32>;
@group(0) @binding(3) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  if (index >= sizes.listed * sizes.columns) { return; }
  let row = index / sizes.columns;
  let column = index % sizes.columns;
  let end = lookups[sizes.first_chunks + row + 1u];
  var sum = f32();
  for (var chunk = lookups[sizes.first_chunks + row]; chunk < end; chunk++) {
    sum += sums[chunk * sizes.columns + column];
  }
  gradient[(lookups[sizes.rows + row] - sizes.first_row) * sizes.columns + column] = sum;
}
