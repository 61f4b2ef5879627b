// row_stats_narrow.wgsl: softmax statistics of short rows, one thread a row.
//
// One pass, online. m = max, second = runner-up, r = sum of e^(x-m) over all but the max, t = sum of (x-m) e^(x-m).
// When a new maximum M arrives, with d = m - M <= 0:  t <- (t + (1+r) d) e^d,  r <- (1+r) e^d.  The softmax sum is s = 1 + r;
// keeping r and not s leaves the least confidence r/s and log s exact where the model is nearly sure.
// Numerics: d is clamped at -87, once, before both of its uses. Inputs below LOWEST count as LOWEST, so that a row that is
// masked throughout is a row of equal logits. NaN and infinities are found by their bits, since WGSL may assume that there are
// none; such a row gets the marker -1 as least confidence.
// An empty state has m = LOWEST and r = -1 (s = 0); merging needs no special case for it.
// Reads rows*columns floats once, writes 4 floats a row. No barrier, so a software adapter runs it well.

struct Sizes { rows: u32, columns: u32 }

@group(0) @binding(0) var<storage, read> logits: array<u32>;
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
  let start = row * sizes.columns;
  var m = LOWEST;
  var second = LOWEST;
  var r = -1.0;
  var t = 0.0;
  var finite = true;
  for (var column = 0u; column < sizes.columns; column++) {
    let bits = logits[start + column];
    finite = finite && (bits & 0x7f800000u) != 0x7f800000u;
    let x = max(bitcast<f32>(bits), LOWEST);
    let d = max(min(x, m) - max(x, m), CLAMP);
    let e = exp(d);
    if (x > m) {
      t = (t + (1.0 + r) * d) * e;
      r = (1.0 + r) * e;
      second = m;
      m = x;
    } else {
      t += d * e;
      r += e;
      second = max(second, x);
    }
  }
  let s = 1.0 + r;
  let log_s = log1p(r);
  let runner_up = exp(max(second - m, CLAMP));
  let masked = select(runner_up, 0.0, sizes.columns == 1u);
  let result = vec4<f32>(r / s, (1.0 - masked) / s, log_s - t / s, -log_s);
  stats[row] = select(vec4<f32>(-1.0), result, finite);
}
