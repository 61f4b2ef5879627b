// committee_gather.wgsl: copies a run of words, such as one member's rows of a tile, so that the tile's members lie in one binding.
//
// One thread a word. `shift` is where the run begins in its binding, which must begin at an aligned offset; `start` is its place in
// the tile. Only inputs that are over the binding limit are gathered. Reads and writes the words once.

struct Sizes { words: u32, shift: u32, start: u32 }

@group(0) @binding(0) var<storage, read> source: array<u32>;
@group(0) @binding(1) var<storage, read_write> tile: array<u32>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let word = (group.y * groups.x + group.x) * 64u + lane;
  if (word >= sizes.words) { return; }
  tile[sizes.start + word] = source[sizes.shift + word];
}
