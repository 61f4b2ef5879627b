// column_sums_blocks.wgsl: column_sums.wgsl in blocks of four elements, a thread four sums.
//
// A block may span two rows: laid flat, that makes no difference. `length`, `stride` and `into` count blocks. No barrier.

struct Sizes { length: u32, stride: u32, into: u32 }

@group(0) @binding(0) var<storage, read> values: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> sums: array<vec4<f32>>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  let stride = sizes.stride;
  if (index >= stride) { return; }
  var sum = vec4<f32>(0.0);
  var at = index;
  for (; at + 7u * stride < sizes.length; at += 8u * stride) {
    let a = values[at] + values[at + stride];
    let b = values[at + 2u * stride] + values[at + 3u * stride];
    let c = values[at + 4u * stride] + values[at + 5u * stride];
    let d = values[at + 6u * stride] + values[at + 7u * stride];
    sum += (a + b) + (c + d);
  }
  for (; at < sizes.length; at += stride) { sum += values[at]; }
  sums[sizes.into + index] = sum;
}
