// row_stats_wide.wgsl: softmax statistics of long rows, one workgroup a row or a slice of a row.
//
// Two steps in one dispatch: each of 64 lanes folds every 64th column with the online rule of row_stats_narrow.wgsl, then the
// lanes' states merge in a tree. Merging A and B with maxima mA >= mB and d = mB - mA:
//   r <- rA + (1+rB) e^d,   t <- tA + (tB + (1+rB) d) e^d,   second <- max(secondA, mB).
// The tree is an accuracy feature as well: rounding grows with log(columns).
// With slices = 1 a row is done and its four scores are written by row_stats_merge.wgsl's rule, from one state. With more, the
// states go to scratch and row_stats_merge.wgsl merges them: few rows of huge width then fill the GPU.
// Numerics as in row_stats_narrow.wgsl. Reads rows*columns floats once, writes 5 words a slice.

struct Sizes { rows: u32, columns: u32, slices: u32, slice_columns: u32 }

@group(0) @binding(0) var<storage, read> logits: array<u32>;
@group(0) @binding(1) var<storage, read_write> states: array<f32>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

const LOWEST = -3.402823e38;
const CLAMP = -87.0;
const LANES = 64u;

// m, second, r, t, and 1 where every input was finite.
struct State { m: f32, second: f32, r: f32, t: f32, finite: f32 }

var<workgroup> lanes: array<State, LANES>;

fn merged(a: State, b: State) -> State {
  let swap = b.m > a.m;
  let high_m = max(a.m, b.m);
  let low_m = min(a.m, b.m);
  let high_second = select(a.second, b.second, swap);
  let high_r = select(a.r, b.r, swap);
  let high_t = select(a.t, b.t, swap);
  let low_s = 1.0 + select(b.r, a.r, swap);
  let low_t = select(b.t, a.t, swap);
  let d = max(low_m - high_m, CLAMP);
  let e = exp(d);
  return State(high_m, max(high_second, low_m), high_r + low_s * e, high_t + (low_t + low_s * d) * e, min(a.finite, b.finite));
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let slice = group.y * groups.x + group.x;
  // No early return: every lane must reach the barriers.
  let live = slice < sizes.rows * sizes.slices;
  let row = slice / sizes.slices;
  let first = (slice % sizes.slices) * sizes.slice_columns;
  let end = select(0u, min(first + sizes.slice_columns, sizes.columns), live);
  var state = State(LOWEST, LOWEST, -1.0, 0.0, 1.0);
  for (var column = first + lane; column < end; column += LANES) {
    let bits = logits[row * sizes.columns + column];
    if ((bits & 0x7f800000u) == 0x7f800000u) { state.finite = 0.0; }
    let x = max(bitcast<f32>(bits), LOWEST);
    let d = max(min(x, state.m) - max(x, state.m), CLAMP);
    let e = exp(d);
    if (x > state.m) {
      state.t = (state.t + (1.0 + state.r) * d) * e;
      state.r = (1.0 + state.r) * e;
      state.second = state.m;
      state.m = x;
    } else {
      state.t += d * e;
      state.r += e;
      state.second = max(state.second, x);
    }
  }
  lanes[lane] = state;
  for (var stride = LANES / 2u; stride > 0u; stride /= 2u) {
    workgroupBarrier();
    if (lane < stride) { lanes[lane] = merged(lanes[lane], lanes[lane + stride]); }
  }
  if (live && lane == 0u) {
    let result = lanes[0];
    states[slice * 5u] = result.m;
    states[slice * 5u + 1u] = result.second;
    states[slice * 5u + 2u] = result.r;
    states[slice * 5u + 3u] = result.t;
    states[slice * 5u + 4u] = result.finite;
  }
}
