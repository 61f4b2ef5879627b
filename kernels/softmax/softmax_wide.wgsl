// softmax_wide.wgsl: softmax or log-softmax of long rows, one workgroup a row.
//
// Each of 64 lanes folds every 64th column into (m, s); the lanes merge in a tree: s <- sA + sB e^(mB-mA) for mA >= mB. Then all
// lanes write their columns. The rest as in softmax_narrow.wgsl, numerics too. A lane without a column has s = 0.

struct Sizes { rows: u32, columns: u32 }

@group(0) @binding(0) var<storage, read> logits: array<u32>;
@group(0) @binding(1) var<storage, read_write> result: array<u32>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

override LOGARITHM: bool = false;

const LOWEST = -3.402823e38;
const CLAMP = -87.0;
const NAN_BITS = 0x7fc00000u;
const LANES = 64u;

// m, s, and 1 where an input was a NaN or +infinity.
var<workgroup> lanes: array<vec3<f32>, LANES>;

fn is_poison(bits: u32) -> bool {
  return (bits & 0x7fffffffu) > 0x7f800000u || bits == 0x7f800000u;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let row = group.y * groups.x + group.x;
  // No early return: every lane must reach the barriers.
  let end = select(0u, sizes.columns, row < sizes.rows);
  let start = row * sizes.columns;
  var m = LOWEST;
  var s = 0.0;
  var poison = 0.0;
  for (var column = lane; column < end; column += LANES) {
    let bits = logits[start + column];
    if (is_poison(bits)) { poison = 1.0; }
    let x = max(bitcast<f32>(bits), LOWEST);
    let e = exp(max(min(x, m) - max(x, m), CLAMP));
    s = select(s + e, s * e + 1.0, x > m);
    m = max(m, x);
  }
  lanes[lane] = vec3<f32>(m, s, poison);
  for (var stride = LANES / 2u; stride > 0u; stride /= 2u) {
    workgroupBarrier();
    if (lane < stride) {
      let a = lanes[lane];
      let b = lanes[lane + stride];
      let e = exp(max(min(a.x, b.x) - max(a.x, b.x), CLAMP));
      let sum = select(a.y + b.y * e, b.y + a.y * e, b.x > a.x);
      lanes[lane] = vec3<f32>(max(a.x, b.x), sum, max(a.z, b.z));
    }
  }
  workgroupBarrier();
  let total = lanes[0];
  let scale = 1.0 / total.y;
  let log_s = log(total.y);
  for (var column = lane; column < end; column += LANES) {
    let x = max(bitcast<f32>(logits[start + column]), LOWEST);
    let value = select(exp(x - total.x) * scale, max(x - total.x - log_s, LOWEST), LOGARITHM);
    result[start + column] = select(bitcast<u32>(value), NAN_BITS, total.z > 0.5);
  }
}
