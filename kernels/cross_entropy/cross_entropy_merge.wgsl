// cross_entropy_merge.wgsl: merges up to `fan_in` states of cross_entropy_fold.wgsl into one, one thread a result, in order.
//
// With d = mA - mB >= 0:  s <- sA + sB e^-d,  spread <- spreadA + spreadB + massB d,  mass <- massA + massB; the poison of either is
// the poison of both. A state without a column has m = LOWEST and zeros. No barrier.

struct Sizes { rows: u32, states: u32, fan_in: u32, results: u32 }

@group(0) @binding(0) var<storage, read> states: array<f32>;
@group(0) @binding(1) var<storage, read_write> results: array<f32>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

const LOWEST = -3.402823e38;
const CLAMP = -87.0;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  let row = index / sizes.results;
  if (row >= sizes.rows) { return; }
  let first = (index % sizes.results) * sizes.fan_in;
  let end = min(first + sizes.fan_in, sizes.states);
  var m = LOWEST;
  var s = 0.0;
  var poison = 0.0;
  var spread = 0.0;
  var mass = 0.0;
  for (var state = first; state < end; state++) {
    let at = (row * sizes.states + state) * 5u;
    let other = states[at];
    let new_m = max(m, other);
    let e = exp(max(min(other, m) - new_m, CLAMP));
    s = select(s + states[at + 1u] * e, s * e + states[at + 1u], other > m);
    poison = max(poison, states[at + 2u]);
    spread += mass * (new_m - m) + (states[at + 3u] + states[at + 4u] * (new_m - other));
    mass += states[at + 4u];
    m = new_m;
  }
  let at = index * 5u;
  results[at] = m;
  results[at + 1u] = s;
  results[at + 2u] = poison;
  results[at + 3u] = spread;
  results[at + 4u] = mass;
}
