// cross_entropy_sum.wgsl: adds up to `fan_in` pairs of a loss and a part of the divisor into one, one thread a result, in order.
//
// cross_entropy_mean.wgsl is the last of these passes. No barrier, no atomics.

struct Sizes { pairs: u32, fan_in: u32, results: u32 }

@group(0) @binding(0) var<storage, read> pairs: array<vec2<f32>>;
@group(0) @binding(1) var<storage, read_write> results: array<vec2<f32>>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  if (index >= sizes.results) { return; }
  let first = index * sizes.fan_in;
  let end = min(first + sizes.fan_in, sizes.pairs);
  var sum = vec2<f32>(0.0);
  for (var pair = first; pair < end; pair++) { sum += pairs[pair]; }
  results[index] = sum;
}
