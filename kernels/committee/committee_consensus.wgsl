// committee_consensus.wgsl: second of four passes over many classes; the logarithm of the members' mean softmax.
//
// One thread a row and class; sums e^(x-m) / s over the members in their order, with the m and s that committee_members.wgsl
// wrote. Neighbouring threads read neighbouring classes. Numerics: x - m is clamped at -87, the mean at the least normal number.
// Reads members*rows*classes floats once, writes rows*classes.

struct Sizes { members: u32, rows: u32, classes: u32 }

@group(0) @binding(0) var<storage, read> logits: array<f32>;
// m, s, vote, entropy.
@group(0) @binding(1) var<storage, read> states: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read_write> log_consensus: array<f32>;
@group(0) @binding(3) var<uniform> sizes: Sizes;

const LOWEST = -3.402823e38;
const CLAMP = -87.0;
const LEAST = 1.2e-38;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  if (index >= sizes.rows * sizes.classes) { return; }
  let row = index / sizes.classes;
  var sum = 0.0;
  for (var member = 0u; member < sizes.members; member++) {
    let state = bitcast<vec4<f32>>(states[member * sizes.rows + row]);
    let x = max(logits[member * sizes.rows * sizes.classes + index], LOWEST);
    sum += exp(max(x - state.x, CLAMP)) / state.y;
  }
  log_consensus[index] = log(max(sum / f32(sizes.members), LEAST));
}
