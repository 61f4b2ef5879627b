// row_stats_merge.wgsl: merges the states that row_stats_wide.wgsl wrote, one thread for up to `fan_in` states of a row.
//
// Merging A and B with maxima mA >= mB and d = mB - mA:
//   r <- rA + (1+rB) e^d,   t <- tA + (tB + (1+rB) d) e^d,   second <- max(secondA, mB).
// An empty state has m = LOWEST and r = -1 (s = 0) and needs no special case. States are merged in order, so that the result
// does not depend on the schedule. LOWEST is the lowest float, as there: an empty state must not stand above a row of such. With LAST a thread holds all that is left of its row and writes its scores: least confidence
// r/s, margin (1 - e^(second-m))/s, entropy log s - t/s and max log-probability -log s, with s = 1 + r; the marker -1 where an
// input was not finite. Numerics as in row_stats_narrow.wgsl.

struct Sizes { rows: u32, states: u32, fan_in: u32, results: u32 }

@group(0) @binding(0) var<storage, read> states: array<f32>;
@group(0) @binding(1) var<storage, read_write> results: array<f32>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

override LAST: bool = false;

const LOWEST = -0x1.fffffep+127f;
const CLAMP = -87.0;

fn log1p(r: f32) -> f32 {
  return select(log(1.0 + r), r - r * r * (0.5 - r / 3.0), r < 0.005);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  let row = index / sizes.results;
  if (row >= sizes.rows) { return; }
  let first = (index % sizes.results) * sizes.fan_in;
  let end = min(first + sizes.fan_in, sizes.states);
  var m = LOWEST;
  var second = LOWEST;
  var r = -1.0;
  var t = 0.0;
  var finite = 1.0;
  for (var state = first; state < end; state++) {
    let at = (row * sizes.states + state) * 5u;
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
  if (LAST) {
    let s = 1.0 + r;
    let log_s = log1p(r);
    let good = finite > 0.5;
    results[index * 4u] = select(-1.0, r / s, good);
    results[index * 4u + 1u] = select(-1.0, (1.0 - exp(max(second - m, CLAMP))) / s, good);
    results[index * 4u + 2u] = select(-1.0, log_s - t / s, good);
    results[index * 4u + 3u] = select(-1.0, -log_s, good);
  } else {
    results[index * 5u] = m;
    results[index * 5u + 1u] = second;
    results[index * 5u + 2u] = r;
    results[index * 5u + 3u] = t;
    results[index * 5u + 4u] = finite;
  }
}
