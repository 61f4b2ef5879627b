// cross_entropy_mean.wgsl: the last pass over the rows: loss = sum of losses / divisor, in one thread.
//
// The divisor is the sum of what cross_entropy_rows.wgsl or cross_entropy_sum.wgsl left of it. Where it is 0, every row having been
// ignored, the loss is 0.

struct Sizes { pairs: u32 }

@group(0) @binding(0) var<storage, read> pairs: array<vec2<f32>>;
@group(0) @binding(1) var<storage, read_write> loss: array<f32>;
@group(0) @binding(2) var<storage, read_write> divisor: array<f32>;
@group(0) @binding(3) var<uniform> sizes: Sizes;

@compute @workgroup_size(1)
fn main() {
  var sum = vec2<f32>(0.0);
  for (var pair = 0u; pair < sizes.pairs; pair++) { sum += pairs[pair]; }
  divisor[0] = sum.y;
  if (sum.y == 0.0) {
    loss[0] = 0.0;
  } else {
    loss[0] = sum.x / sum.y;
  }
}
