// layer_norm_gradient_columns.wgsl: last pass of the gradient: adds up what the parts of rows give for scale and shift, in order.
//
// Each part has the columns of the scale's gradient, then those of the shift's; one thread a column of the two. Tiles of rows after
// the first one add to what the ones before gave.

struct Sizes { columns: u32, parts: u32, adds: u32 }

@group(0) @binding(0) var<storage, read> column_sums: array<f32>;
@group(0) @binding(1) var<storage, read_write> scale_gradient: array<f32>;
@group(0) @binding(2) var<storage, read_write> shift_gradient: array<f32>;
@group(0) @binding(3) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  let width = 2u * sizes.columns;
  if (index >= width) { return; }
  var sum = 0.0;
  for (var part = 0u; part < sizes.parts; part++) { sum += column_sums[part * width + index]; }
  if (index < sizes.columns) {
    if (sizes.adds == 1u) { sum += scale_gradient[index]; }
    scale_gradient[index] = sum;
  } else {
    let column = index - sizes.columns;
    if (sizes.adds == 1u) { sum += shift_gradient[column]; }
    shift_gradient[column] = sum;
  }
}
