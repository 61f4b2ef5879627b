// accumulate_words.wgsl: adds an array to a range of a flat one, in place; one thread an element.
//
// For arrays whose length is no multiple of four, such as the biases of two classes. No barrier.

struct Sizes { length: u32 }

@group(0) @binding(0) var<storage, read> addend: array<f32>;
@group(0) @binding(1) var<storage, read_write> sum: array<f32>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let at = (group.y * groups.x + group.x) * 64u + lane;
  if (at >= sizes.length) { return; }
  sum[at] += addend[at];
}
