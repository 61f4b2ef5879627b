// embedding_gradient_rows.wgsl: second pass of two; adds the chunks of each table row that was looked up, in order.
//
// One thread a used row and column. Rows that no position looked up are not touched: the host has cleared them.

struct Sizes { used_rows: u32, columns: u32 }

// The table row of each used row; its chunks are first_chunks[i] to first_chunks[i + 1].
@group(0) @binding(0) var<storage, read> table_rows: array<u32>;
@group(0) @binding(1) var<storage, read> first_chunks: array<u32>;
@group(0) @binding(2) var<storage, read> sums: array<f32>;
@group(0) @binding(3) var<storage, read_write> gradient: array<f32>;
@group(0) @binding(4) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  if (index >= sizes.used_rows * sizes.columns) { return; }
  let used = index / sizes.columns;
  let column = index % sizes.columns;
  var sum = 0.0;
  for (var chunk = first_chunks[used]; chunk < first_chunks[used + 1u]; chunk++) {
    sum += sums[chunk * sizes.columns + column];
  }
  gradient[table_rows[used] * sizes.columns + column] = sum;
}
