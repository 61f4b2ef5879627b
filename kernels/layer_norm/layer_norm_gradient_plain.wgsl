// layer_norm_gradient_plain.wgsl: the gradient of the values, one thread a row; for widths that are no multiple of 4.
//
// The formulas are in layer_norm_gradient_write.wgsl. Two passes over a row: the two means, the gradient. No barrier.

struct Sizes { rows: u32, columns: u32, first: u32 }

@group(0) @binding(0) var<storage, read> values: array<f32>;
@group(0) @binding(1) var<storage, read> moments: array<f32>;
@group(0) @binding(2) var<storage, read> scale: array<f32>;
@group(0) @binding(3) var<storage, read> upstream: array<f32>;
@group(0) @binding(4) var<storage, read_write> gradient: array<f32>;
@group(0) @binding(5) var<uniform> sizes: Sizes;

override CENTRED: bool = true;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  if (index >= sizes.rows) { return; }
  let start = index * sizes.columns;
  let base = (sizes.first + index) * 3u;
  let high = moments[base];
  let low = moments[base + 1u];
  let inverse = moments[base + 2u];
  var plain = 0.0;
  var weighted = 0.0;
  for (var column = 0u; column < sizes.columns; column++) {
    let g = upstream[start + column] * scale[column];
    plain += g;
    weighted += g * ((values[start + column] - high) - low);
  }
  let mean = select(0.0, plain / f32(sizes.columns), CENTRED);
  let weighted_mean = weighted * inverse / f32(sizes.columns);
  for (var column = 0u; column < sizes.columns; column++) {
    let y = ((values[start + column] - high) - low) * inverse;
    gradient[start + column] = ((upstream[start + column] * scale[column] - mean) - y * weighted_mean) * inverse;
  }
}
