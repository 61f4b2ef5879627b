// softmax_gradient_narrow.wgsl: gradient of softmax or log-softmax through short rows, one thread a row.
//
// From the forward result y and the upstream gradient g: softmax dx = y (g - sum g y); log-softmax dx = g - e^y sum g.
// Two passes over a row; sums in column order. No barrier.

struct Sizes { rows: u32, columns: u32 }

@group(0) @binding(0) var<storage, read> result: array<f32>;
@group(0) @binding(1) var<storage, read> upstream: array<f32>;
@group(0) @binding(2) var<storage, read_write> gradient: array<f32>;
@group(0) @binding(3) var<uniform> sizes: Sizes;

override LOGARITHM: bool = false;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let row = (group.y * groups.x + group.x) * 64u + lane;
  if (row >= sizes.rows) { return; }
  let start = row * sizes.columns;
  var total = 0.0;
  for (var column = 0u; column < sizes.columns; column++) {
    let g = upstream[start + column];
    total += select(g * result[start + column], g, LOGARITHM);
  }
  for (var column = 0u; column < sizes.columns; column++) {
    let y = result[start + column];
    let g = upstream[start + column];
    gradient[start + column] = select(y * (g - total), g - exp(y) * total, LOGARITHM);
  }
}
