// committee_members.wgsl: first of four passes over many classes; the softmax of each row of each member, one workgroup each.
//
// Each of 64 lanes folds every 64th class online: m = max, best = its class, s = sum e^(x-m), t = sum (x-m) e^(x-m). When a
// maximum M arrives, with d = m - M <= 0:  t <- (t + s d) e^d,  s <- s e^d. The lanes' states then merge in a tree by the same
// rule; of equal maxima the lower class stays.
// For more classes than lanes: each lane has one. Writes m, s, the vote and the entropy log s - t/s; an entropy of -1 where a
// logit was NaN or infinite, found by its bits. Numerics: d is clamped at -87 once, before both of its uses; the tree keeps the
// rounding of long sums down. Reads members*rows*classes floats once, writes 4 words a row and member.

struct Sizes { member_rows: u32, classes: u32 }

@group(0) @binding(0) var<storage, read> logits: array<u32>;
@group(0) @binding(1) var<storage, read_write> states: array<u32>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

const LOWEST = -3.402823e38;
const CLAMP = -87.0;
const LANES = 64u;
// Its square is LANES: a tree of two levels, since a barrier costs more than a few more steps.
const BRANCH = 8u;

struct State { m: f32, s: f32, t: f32, best: u32, highest: u32 }

var<workgroup> lanes: array<State, LANES>;

fn merged(a: State, b: State) -> State {
  let swap = b.m > a.m || (b.m == a.m && b.best < a.best);
  let m = max(a.m, b.m);
  let d = max(min(a.m, b.m) - m, CLAMP);
  let e = exp(d);
  let high_s = select(a.s, b.s, swap);
  let high_t = select(a.t, b.t, swap);
  let low_s = select(b.s, a.s, swap);
  let low_t = select(b.t, a.t, swap);
  return State(m, high_s + low_s * e, high_t + (low_t + low_s * d) * e, select(a.best, b.best, swap), max(a.highest, b.highest));
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let member_row = group.y * groups.x + group.x;
  // No early return: every lane must reach the barriers.
  let live = member_row < sizes.member_rows;
  let end = select(0u, sizes.classes, live);
  // There are more classes than lanes: every lane has one, and where all of its logits are LOWEST, that is its first.
  var state = State(LOWEST, 0.0, 0.0, lane, 0u);
  for (var i = lane; i < end; i += LANES) {
    let bits = logits[member_row * sizes.classes + i];
    let x = max(bitcast<f32>(bits), LOWEST);
    state.highest = max(state.highest, bits & 0x7fffffffu);
    let d = max(min(x, state.m) - max(x, state.m), CLAMP);
    let e = exp(d);
    if (x > state.m) {
      state.t = (state.t + state.s * d) * e;
      state.s = state.s * e + 1.0;
      state.m = x;
      state.best = i;
    } else {
      state.t += d * e;
      state.s += e;
    }
  }
  lanes[lane] = state;
  workgroupBarrier();
  if (lane < BRANCH) {
    for (var other = lane + BRANCH; other < LANES; other += BRANCH) { state = merged(state, lanes[other]); }
    lanes[lane] = state;
  }
  workgroupBarrier();
  if (live && lane == 0u) {
    var result = lanes[0];
    for (var other = 1u; other < BRANCH; other++) { result = merged(result, lanes[other]); }
    let entropy = log(result.s) - result.t / result.s;
    states[member_row * 4u] = bitcast<u32>(result.m);
    states[member_row * 4u + 1u] = bitcast<u32>(result.s);
    states[member_row * 4u + 2u] = result.best;
    states[member_row * 4u + 3u] = bitcast<u32>(select(entropy, -1.0, result.highest >= 0x7f800000u));
  }
}
