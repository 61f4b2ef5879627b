// softmax_gradient_merge.wgsl: adds up to `fan_in` sums of a row into one, one thread a result, in order. No barrier.

struct Sizes { rows: u32, states: u32, fan_in: u32, results: u32 }

@group(0) @binding(0) var<storage, read> sums: array<f32>;
@group(0) @binding(1) var<storage, read_write> results: array<f32>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  let row = index / sizes.results;
  if (row >= sizes.rows) { return; }
  let first = (index % sizes.results) * sizes.fan_in;
  let end = min(first + sizes.fan_in, sizes.states);
  var sum = 0.0;
  for (var state = first; state < end; state++) { sum += sums[row * sizes.states + state]; }
  results[index] = sum;
}
