// committee_divergence.wgsl: third of four passes over many classes; KL(P_c, Q) of each row of each member, one workgroup each.
//
// With d = x - m and the m and s that committee_members.wgsl wrote: KL = (sum e^d (d - log Q)) / s - log s, never below 0. Each of
// 64 lanes sums every 64th class, a tree the lanes. Numerics: d is clamped at -87, before both of its uses.
// Reads members*rows*classes floats once and log Q once a member, writes a float a row and member.

struct Sizes { members: u32, rows: u32, classes: u32 }

@group(0) @binding(0) var<storage, read> logits: array<f32>;
// m, s, vote, entropy.
@group(0) @binding(1) var<storage, read> states: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read> log_consensus: array<f32>;
@group(0) @binding(3) var<storage, read_write> divergences: array<f32>;
@group(0) @binding(4) var<uniform> sizes: Sizes;

const LOWEST = -3.402823e38;
const CLAMP = -87.0;
const LANES = 64u;
// Its square is LANES: a tree of two levels, since a barrier costs more than a few more steps.
const BRANCH = 8u;

var<workgroup> sums: array<f32, LANES>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let member_row = group.y * groups.x + group.x;
  // No early return: every lane must reach the barriers.
  let live = member_row < sizes.members * sizes.rows;
  let end = select(0u, sizes.classes, live);
  let row = member_row % sizes.rows;
  let state = bitcast<vec4<f32>>(states[select(0u, member_row, live)]);
  var sum = 0.0;
  for (var i = lane; i < end; i += LANES) {
    let x = max(logits[member_row * sizes.classes + i], LOWEST);
    let d = max(x - state.x, CLAMP);
    sum += exp(d) * (d - log_consensus[row * sizes.classes + i]);
  }
  sums[lane] = sum;
  workgroupBarrier();
  if (lane < BRANCH) {
    for (var other = lane + BRANCH; other < LANES; other += BRANCH) { sum += sums[other]; }
    sums[lane] = sum;
  }
  workgroupBarrier();
  if (live && lane == 0u) {
    for (var other = 1u; other < BRANCH; other++) { sum += sums[other]; }
    divergences[member_row] = max(sum / state.y - log(state.y), 0.0);
  }
}
