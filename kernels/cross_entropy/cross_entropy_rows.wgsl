// cross_entropy_rows.wgsl: the weighted loss of each row, from its one state and its target, one thread a row.
//
// A class as target, with d = (m - x of the target) + log s, which is -log p:  loss = confidence w d, mass = confidence w, where w
// is the target's weight. With SPREAD the rest of the target adds spread + mass log s to the loss and its mass to the mass.
// What a row adds to the divisor is w, or 1 for a soft target. m and log s are kept apart: their sum would drown log s where all
// logits of a row are masked. A negative target makes all of its row's words 0. A row that was poisoned, or has a target that is
// no class, is NaN, written as bits, since WGSL may assume that there are none. No barrier.

struct Sizes { rows: u32, classes: u32, first_row: u32, confidence: f32 }

@group(0) @binding(0) var<storage, read> logits: array<u32>;
@group(0) @binding(1) var<storage, read> targets: array<i32>;
@group(0) @binding(2) var<storage, read> class_weights: array<f32>;
@group(0) @binding(3) var<storage, read> states: array<f32>;
// m, log s, mass, loss.
@group(0) @binding(4) var<storage, read_write> row_states: array<vec4<u32>>;
// Loss, and what is added to the divisor.
@group(0) @binding(5) var<storage, read_write> sums: array<vec2<u32>>;
@group(0) @binding(6) var<uniform> sizes: Sizes;

override SOFT: bool = false;
override WEIGHTED: bool = false;
override SPREAD: bool = false;

const LOWEST = -3.402823e38;
const NAN_BITS = 0x7fc00000u;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let row = (group.y * groups.x + group.x) * 64u + lane;
  if (row >= sizes.rows) { return; }
  let into = sizes.first_row + row;
  let m = states[row * 5u];
  let log_s = log(states[row * 5u + 1u]);
  var sound = states[row * 5u + 2u] < 0.5;
  var loss = 0.0;
  var mass = 0.0;
  var weight = 1.0;
  if (!SOFT) {
    let given = targets[into];
    if (given < 0) {
      row_states[into] = vec4<u32>(0u);
      sums[into] = vec2<u32>(0u);
      return;
    }
    sound = sound && u32(given) < sizes.classes;
    let column = min(u32(given), sizes.classes - 1u);
    if (WEIGHTED) { weight = class_weights[column]; }
    mass = sizes.confidence * weight;
    loss = mass * ((m - max(bitcast<f32>(logits[row * sizes.classes + column]), LOWEST)) + log_s);
  }
  if (SPREAD) {
    loss += states[row * 5u + 3u] + states[row * 5u + 4u] * log_s;
    mass += states[row * 5u + 4u];
  }
  let state = bitcast<vec4<u32>>(vec4<f32>(m, log_s, mass, loss));
  row_states[into] = select(vec4<u32>(NAN_BITS), state, sound);
  sums[into] = vec2<u32>(select(NAN_BITS, state.w, sound), bitcast<u32>(weight));
}
