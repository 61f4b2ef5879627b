// beam_step_unpack.wgsl: entries of three words as three arrays, one thread an entry. Moves 24 bytes an entry; no arithmetic.

struct Sizes { entries: u32 }

@group(0) @binding(0) var<storage, read> entries: array<u32>;
@group(0) @binding(1) var<storage, read_write> scores: array<u32>;
@group(0) @binding(2) var<storage, read_write> beams: array<u32>;
@group(0) @binding(3) var<storage, read_write> tokens: array<u32>;
@group(0) @binding(4) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let entry = (group.y * groups.x + group.x) * 64u + lane;
  if (entry >= sizes.entries) { return; }
  scores[entry] = entries[entry * 3u];
  beams[entry] = entries[entry * 3u + 1u];
  tokens[entry] = entries[entry * 3u + 2u];
}
