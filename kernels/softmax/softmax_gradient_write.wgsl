// softmax_gradient_write.wgsl: last pass of the gradient through long rows.
//
// The formulas are in softmax_gradient_narrow.wgsl. A workgroup takes 1,024 columns of one row, each thread every 64th of them.
// No barrier.

struct Sizes { rows: u32, columns: u32, row_groups: u32 }

@group(0) @binding(0) var<storage, read> result: array<f32>;
@group(0) @binding(1) var<storage, read> upstream: array<f32>;
@group(0) @binding(2) var<storage, read> sums: array<f32>;
@group(0) @binding(3) var<storage, read_write> gradient: array<f32>;
@group(0) @binding(4) var<uniform> sizes: Sizes;

override LOGARITHM: bool = false;

const LANES = 64u;
const GROUP_COLUMNS = 1024u;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = group.y * groups.x + group.x;
  let row = index / sizes.row_groups;
  if (row >= sizes.rows) { return; }
  let total = sums[row];
  let start = row * sizes.columns;
  let first = index % sizes.row_groups * GROUP_COLUMNS;
  let end = min(first + GROUP_COLUMNS, sizes.columns);
  for (var column = first + lane; column < end; column += LANES) {
    let y = result[start + column];
    let g = upstream[start + column];
    gradient[start + column] = select(y * (g - total), g - exp(y) * total, LOGARITHM);
  }
}
