// adamw_norm_partials.wgsl: first pass of three; sums of squares of the gradient.
//
// A fixed number of workgroups walks the flat gradient with the stride of the whole grid; each of 64 lanes sums its elements, the
// lanes add up in a tree. Grid and order depend on the length alone, so the norm is the same each time.

struct Sizes { length: u32 }

@group(0) @binding(0) var<storage, read> gradient: array<f32>;
@group(0) @binding(1) var<storage, read_write> partials: array<f32>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

const LANES = 64u;

var<workgroup> lanes: array<f32, LANES>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  var sum = 0.0;
  for (var index = group.x * LANES + lane; index < sizes.length; index += groups.x * LANES) {
    let g = gradient[index];
    sum += g * g;
  }
  lanes[lane] = sum;
  for (var stride = LANES / 2u; stride > 0u; stride /= 2u) {
    workgroupBarrier();
    if (lane < stride) { lanes[lane] += lanes[lane + stride]; }
  }
  if (lane == 0u) { partials[group.x] = lanes[0]; }
}
