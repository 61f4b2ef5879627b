// attention_pack.wgsl: rows of heads, each head filled up to whole blocks of four columns with zeros, one thread a block.
//
// For head sizes that are no multiple of four, whose rows the other passes could not read as vec4. No barrier.

struct Sizes { size: u32, blocks: u32, count: u32 }

@group(0) @binding(0) var<storage, read> rows: array<f32>;
@group(0) @binding(1) var<storage, read_write> packed: array<vec4<f32>>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  if (index >= sizes.count) { return; }
  let column = vec4<u32>(index % sizes.blocks * 4u) + vec4<u32>(0u, 1u, 2u, 3u);
  let at = min(column, vec4<u32>(sizes.size - 1u)) + index / sizes.blocks * sizes.size;
  let block = vec4<f32>(rows[at.x], rows[at.y], rows[at.z], rows[at.w]);
  packed[index] = select(vec4<f32>(0.0), block, column < vec4<u32>(sizes.size));
}
