// attention_bias_sum.wgsl: the gradient of attention by its bias: slopes summed over the batch, in order, four keys a thread.
//
// Adds what a chunk of attention_pairs.wgsl holds to what earlier ones have left; the result begins as zeros. Reads the slopes once.
// No barrier.

struct Sizes {
  planes: u32, heads: u32, queries: u32, keys: u32, plane_of_tile: u32, first_row: u32, rows: u32, columns: u32,
}

@group(0) @binding(0) var<storage, read> slopes: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> gradient: array<f32>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  let across = sizes.columns / 4u;
  let per_plane = sizes.rows * across;
  let head = index / per_plane;
  let row = index % per_plane / across;
  let i = sizes.first_row + row;
  if (head >= sizes.heads || i >= sizes.queries) { return; }
  let first = index % across * 4u;
  // The first plane of the chunk that is of this head.
  var plane = (head + sizes.heads - sizes.plane_of_tile % sizes.heads) % sizes.heads;
  var total = vec4<f32>(0.0);
  for (; plane < sizes.planes; plane += sizes.heads) { total += slopes[plane * per_plane + index % per_plane]; }
  let to = (head * sizes.queries + i) * sizes.keys + first;
  if (first < sizes.keys) { gradient[to] += total.x; }
  if (first + 1u < sizes.keys) { gradient[to + 1u] += total.y; }
  if (first + 2u < sizes.keys) { gradient[to + 2u] += total.z; }
  if (first + 3u < sizes.keys) { gradient[to + 3u] += total.w; }
}
