// attention_states.wgsl: what the gradient of attention has to know of each query: m, 1/s, and D = dO.O over the columns of its head.
//
// D is the sum over keys of weight times gradient by the weight, which softmax's gradient subtracts, with no weight at hand
// (Dao et al., 2022). One thread a query and head; reads two rows of a head, writes a vec4. No barrier.

struct Sizes { planes: u32, heads: u32, queries: u32, blocks: u32, first_plane: u32 }

@group(0) @binding(0) var<storage, read> context: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> upstream: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> states: array<vec2<f32>>;
@group(0) @binding(3) var<storage, read_write> query_states: array<vec4<f32>>;
@group(0) @binding(4) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  let own_plane = index / sizes.queries;
  if (own_plane >= sizes.planes) { return; }
  let i = index % sizes.queries;
  let row = own_plane / sizes.heads * sizes.queries + i;
  let at = (row * sizes.heads + own_plane % sizes.heads) * sizes.blocks;
  var total = vec4<f32>(0.0);
  for (var x = 0u; x < sizes.blocks; x++) { total += context[at + x] * upstream[at + x]; }
  let to = sizes.first_plane * sizes.queries + index;
  query_states[to] = vec4<f32>(states[to], dot(total, vec4<f32>(1.0)), 0.0);
}
