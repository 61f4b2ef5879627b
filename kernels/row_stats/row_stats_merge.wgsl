// row_stats_merge.wgsl: merges the states of a row's slices and turns them into scores, one thread a row.
//
// Reads what row_stats_wide.wgsl wrote (m, second, r, t, finite for each slice; the merging rule and the numerics are there),
// in order, so that the result does not depend on the schedule. Writes least confidence r/s, margin (1 - e^(second-m))/s,
// entropy log s - t/s and max log-probability -log s, with s = 1 + r; the marker -1 where an input was not finite.

struct Sizes { rows: u32, slices: u32 }

@group(0) @binding(0) var<storage, read> states: array<f32>;
@group(0) @binding(1) var<storage, read_write> stats: array<vec4<f32>>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

const LOWEST = -3.402823e38;
const CLAMP = -87.0;

fn log1p(r: f32) -> f32 {
  return select(log(1.0 + r), r - r * r * (0.5 - r / 3.0), r < 0.005);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let row = (group.y * groups.x + group.x) * 64u + lane;
  if (row >= sizes.rows) { return; }
  var m = LOWEST;
  var second = LOWEST;
  var r = -1.0;
  var t = 0.0;
  var finite = 1.0;
  for (var slice = 0u; slice < sizes.slices; slice++) {
    let at = (row * sizes.slices + slice) * 5u;
    let other_m = states[at];
    let other_second = states[at + 1u];
    let other_r = states[at + 2u];
    let other_t = states[at + 3u];
    finite = min(finite, states[at + 4u]);
    let d = max(min(m, other_m) - max(m, other_m), CLAMP);
    let e = exp(d);
    if (other_m > m) {
      t = other_t + (t + (1.0 + r) * d) * e;
      r = other_r + (1.0 + r) * e;
      second = max(other_second, m);
      m = other_m;
    } else {
      t += (other_t + (1.0 + other_r) * d) * e;
      r += (1.0 + other_r) * e;
      second = max(second, other_m);
    }
  }
  let s = 1.0 + r;
  let log_s = log1p(r);
  let result = vec4<f32>(r / s, (1.0 - exp(max(second - m, CLAMP))) / s, log_s - t / s, -log_s);
  stats[row] = select(vec4<f32>(-1.0), result, finite > 0.5);
}
