// softmax_gradient_write.wgsl: last pass of the gradient through long rows.
//
// The formulas are in softmax_gradient_narrow.wgsl. A thread takes a block of 16 columns, as in softmax_write.wgsl.
// No barrier.

struct Sizes { rows: u32, columns: u32, row_blocks: u32 }

@group(0) @binding(0) var<storage, read> result: array<f32>;
@group(0) @binding(1) var<storage, read> upstream: array<f32>;
@group(0) @binding(2) var<storage, read> sums: array<f32>;
@group(0) @binding(3) var<storage, read_write> gradient: array<f32>;
@group(0) @binding(4) var<uniform> sizes: Sizes;

override LOGARITHM: bool = false;

const BLOCK = 16u;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  let row = index / sizes.row_blocks;
  if (row >= sizes.rows) { return; }
  let total = sums[row];
  let start = row * sizes.columns;
  let first = index % sizes.row_blocks * BLOCK;
  let end = min(first + BLOCK, sizes.columns);
  for (var column = first; column < end; column++) {
    let y = result[start + column];
    let g = upstream[start + column];
    gradient[start + column] = select(y * (g - total), g - exp(y) * total, LOGARITHM);
  }
}
