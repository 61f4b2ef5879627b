// layer_norm_plain.wgsl: layer norm or RMS norm of rows of any width, one thread a row; for widths that are no multiple of 4.
//
// Three passes over a row: the mean, in two numbers as in layer_norm_fold.wgsl; the variance; the result. The second also finds by how
// much the mean is off: its sum should be 0. No barrier.

struct Sizes { rows: u32, columns: u32, first: u32, epsilon: f32 }

@group(0) @binding(0) var<storage, read> values: array<f32>;
@group(0) @binding(1) var<storage, read> scale: array<f32>;
@group(0) @binding(2) var<storage, read> shift: array<f32>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;
@group(0) @binding(4) var<storage, read_write> moments: array<f32>;
@group(0) @binding(5) var<uniform> sizes: Sizes;

// Both are false for RMS norm.
override CENTRED: bool = true;
override SHIFTED: bool = true;

fn shift_of(column: u32) -> f32 {
  if (SHIFTED) { return shift[column]; }
  return 0.0;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  if (index >= sizes.rows) { return; }
  let start = index * sizes.columns;
  var high = 0.0;
  var low = 0.0;
  if (CENTRED) {
    let origin = values[start];
    var sum = 0.0;
    for (var column = 0u; column < sizes.columns; column++) { sum += values[start + column] - origin; }
    let mean = sum / f32(sizes.columns);
    high = bitcast<f32>(bitcast<u32>(origin + mean) & 0xfffff000u);
    low = mean - (high - origin);
  }
  var m2 = 0.0;
  var rest = 0.0;
  for (var column = 0u; column < sizes.columns; column++) {
    let x = (values[start + column] - high) - low;
    m2 += x * x;
    rest += x;
  }
  if (CENTRED) { low += rest / f32(sizes.columns); }
  let inverse = inverseSqrt(m2 / f32(sizes.columns) + sizes.epsilon);
  for (var column = 0u; column < sizes.columns; column++) {
    let y = ((values[start + column] - high) - low) * inverse;
    result[start + column] = y * scale[column] + shift_of(column);
  }
  let to = (sizes.first + index) * 3u;
  moments[to] = high;
  moments[to + 1u] = low;
  moments[to + 2u] = inverse;
}
