// embedding_gradient_chunks_vectors.wgsl: first pass of two; sums the upstream gradient over the positions of a chunk.
//
// The same as embedding_gradient_chunks.wgsl for widths that are a multiple of four, one thread a chunk and vector of four columns:
// `columns` counts vectors. What is loaded of the lookups then serves four columns. No atomics, no barrier.

struct Sizes { chunks: u32, columns: u32, starts: u32 }

// From 0 on: positions, grouped. From `starts` on: chunk i covers lookups[starts + i] to lookups[starts + i + 1] of them.
@group(0) @binding(0) var<storage, read> lookups: array<u32>;
@group(0) @binding(1) var<storage, read> upstream: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> sums: array<vec4<f32>>;
@group(0) @binding(3) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  if (index >= sizes.chunks * sizes.columns) { return; }
  let chunk = index / sizes.columns;
  let column = index % sizes.columns;
  let end = lookups[sizes.starts + chunk + 1u];
  var sum = upstream[lookups[lookups[sizes.starts + chunk]] * sizes.columns + column];
  for (var at = lookups[sizes.starts + chunk] + 1u; at < end; at++) {
    sum += upstream[lookups[at] * sizes.columns + column];
  }
  sums[index] = sum;
}
