// accumulate.wgsl: adds an array to a range of a flat one, in place; one thread a vector of four elements.
//
// Reads two floats an element and writes one. No barrier. accumulate_words.wgsl takes what no vectors hold.

struct Sizes { vectors: u32 }

@group(0) @binding(0) var<storage, read> addend: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> sum: array<vec4<f32>>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let at = (group.y * groups.x + group.x) * 64u + lane;
  if (at >= sizes.vectors) { return; }
  sum[at] += addend[at];
}
