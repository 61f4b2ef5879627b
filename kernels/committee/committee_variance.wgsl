// committee_variance.wgsl: mean and sample variance of members' predictions of a number, one thread a row.
//
// Two passes over the members: the mean, then the mean of the squared distances from it, with the divisor members - 1. The sum of
// the distances themselves, which is 0 but for rounding, corrects both: what the mean is off by would else enter squared.
// NaN and infinities are found by their bits; such a row gets -1 - (its first such member) as variance.
// Reads members*rows floats twice, the second time from a cache, writes 2 floats a row. No barrier.

// `first` is the row of `stats` where the tile begins.
struct Sizes { members: u32, rows: u32, first: u32 }

@group(0) @binding(0) var<storage, read> predictions: array<u32>;
@group(0) @binding(1) var<storage, read_write> stats: array<vec2<f32>>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let row = (group.y * groups.x + group.x) * 64u + lane;
  if (row >= sizes.rows) { return; }
  let members = f32(sizes.members);
  // Distances from the first member, which equal predictions leave exactly 0.
  let origin = bitcast<f32>(predictions[row]);
  var sum = 0.0;
  var bad = 0u;
  for (var member = 0u; member < sizes.members; member++) {
    let bits = predictions[member * sizes.rows + row];
    bad = select(bad, member + 1u, bad == 0u && (bits & 0x7f800000u) == 0x7f800000u);
    sum += bitcast<f32>(bits) - origin;
  }
  let shift = sum / members;
  var rest = 0.0;
  var squares = 0.0;
  for (var member = 0u; member < sizes.members; member++) {
    let distance = (bitcast<f32>(predictions[member * sizes.rows + row]) - origin) - shift;
    rest += distance;
    squares += distance * distance;
  }
  let variance = max(squares - rest * rest / members, 0.0) / (members - 1.0);
  let result = vec2<f32>(origin + (shift + rest / members), variance);
  stats[sizes.first + row] = select(result, vec2<f32>(0.0, -f32(bad)), bad > 0u);
}
