// softmax_gradient_wide.wgsl: gradient of softmax or log-softmax through long rows, one workgroup a row.
//
// The formulas are in softmax_gradient_narrow.wgsl. Each of 64 lanes sums every 64th column, the lanes add up in a tree, then all
// lanes write their columns: a fixed order, so the same bytes each time.

struct Sizes { rows: u32, columns: u32 }

@group(0) @binding(0) var<storage, read> result: array<f32>;
@group(0) @binding(1) var<storage, read> upstream: array<f32>;
@group(0) @binding(2) var<storage, read_write> gradient: array<f32>;
@group(0) @binding(3) var<uniform> sizes: Sizes;

override LOGARITHM: bool = false;

const LANES = 64u;

var<workgroup> lanes: array<f32, LANES>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let row = group.y * groups.x + group.x;
  // No early return: every lane must reach the barriers.
  let end = select(0u, sizes.columns, row < sizes.rows);
  let start = row * sizes.columns;
  var sum = 0.0;
  for (var column = lane; column < end; column += LANES) {
    let g = upstream[start + column];
    sum += select(g * result[start + column], g, LOGARITHM);
  }
  lanes[lane] = sum;
  for (var stride = LANES / 2u; stride > 0u; stride /= 2u) {
    workgroupBarrier();
    if (lane < stride) { lanes[lane] += lanes[lane + stride]; }
  }
  workgroupBarrier();
  let total = lanes[0];
  for (var column = lane; column < end; column += LANES) {
    let y = result[start + column];
    let g = upstream[start + column];
    gradient[start + column] = select(y * (g - total), g - exp(y) * total, LOGARITHM);
  }
}
