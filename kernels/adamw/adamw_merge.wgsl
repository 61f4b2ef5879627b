// adamw_merge.wgsl: second pass of four; adds the partial sums of all tiles until `results` are left, a thread each, in order.
//
// No barrier.

struct Sizes { vectors: u32, results: u32 }

// Vectors of four sums.
@group(0) @binding(0) var<storage, read> partials: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> merged: array<f32>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let thread = group.x * 64u + lane;
  if (thread >= sizes.results) { return; }
  let each = (sizes.vectors + sizes.results - 1u) / sizes.results;
  let end = min(sizes.vectors, (thread + 1u) * each);
  var sums = vec4<f32>();
  for (var at = thread * each; at < end; at++) { sums += partials[at]; }
  let pair = sums.xy + sums.zw;
  merged[thread] = pair.x + pair.y;
}
