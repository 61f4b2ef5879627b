// attention_unpack.wgsl: takes the columns that attention_pack.wgsl added away again, one thread a block of four. No barrier.

struct Sizes { size: u32, blocks: u32, count: u32 }

@group(0) @binding(0) var<storage, read> packed: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read_write> rows: array<u32>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  if (index >= sizes.count) { return; }
  let block = packed[index];
  let column = index % sizes.blocks * 4u;
  let to = index / sizes.blocks * sizes.size + column;
  rows[to] = block.x;
  if (column + 1u < sizes.size) { rows[to + 1u] = block.y; }
  if (column + 2u < sizes.size) { rows[to + 2u] = block.z; }
  if (column + 3u < sizes.size) { rows[to + 3u] = block.w; }
}
