// layer_norm_fold.wgsl: first pass of layer norm and of RMS norm: each part of a row becomes (high, low, M2), one thread a part.
//
// high + low is the mean of the part and M2 = sum (x - mean)^2, by Welford's update over blocks of 16 columns (Chan et al. 1983),
// of which each lane of a vec4 keeps its own; so a row is read once, and a mean of any size costs no digits. RMS norm, where
// CENTRED is false, has mean 0 and M2 = sum x^2. The quads of a row go to its parts in turn: neighbouring threads read
// neighbouring addresses. Where a row is one part, this is all, and M2 becomes 1 / sqrt(M2 / columns + epsilon).
//
// Numerics: values are taken less the part's first, K, which is near the mean where the mean is large. The mean, K + mean (x - K),
// is kept in two numbers, since one would be half a unit of its last place off: high has 12 bits of it, cut, low the rest.
// For rows of a multiple of 4 columns. Reads rows*columns floats once. No barrier.

struct Sizes { rows: u32, quads: u32, parts: u32, first: u32, epsilon: f32 }

@group(0) @binding(0) var<storage, read> values: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> states: array<f32>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

override CENTRED: bool = true;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  let row = index / sizes.parts;
  if (row >= sizes.rows) { return; }
  let start = row * sizes.quads;
  let part = index % sizes.parts;
  let origin = select(0.0, values[start + part].x, CENTRED);
  var mean = vec4<f32>(0.0);
  var m2 = vec4<f32>(0.0);
  var count = 0.0;
  var quad = part;
  for (; quad + 3u * sizes.parts < sizes.quads; quad += 4u * sizes.parts) {
    let at = start + quad;
    let a = values[at] - origin;
    let b = values[at + sizes.parts] - origin;
    let c = values[at + 2u * sizes.parts] - origin;
    let d = values[at + 3u * sizes.parts] - origin;
    if (CENTRED) {
      let own = ((a + b) + (c + d)) * 0.25;
      let own_m2 = ((a - own) * (a - own) + (b - own) * (b - own)) + ((c - own) * (c - own) + (d - own) * (d - own));
      let delta = own - mean;
      let share = 4.0 / (count + 4.0);
      mean += delta * share;
      m2 += own_m2 + delta * delta * (count * share);
      count += 4.0;
    } else {
      m2 += (a * a + b * b) + (c * c + d * d);
    }
  }
  for (; quad < sizes.quads; quad += sizes.parts) {
    let x = values[start + quad] - origin;
    if (CENTRED) {
      let delta = x - mean;
      count += 1.0;
      mean += delta / count;
      m2 += delta * (x - mean);
    } else {
      m2 += x * x;
    }
  }
  let middle = ((mean.x + mean.y) + (mean.z + mean.w)) * 0.25;
  let apart = mean - middle;
  let all = m2 + count * apart * apart;
  let total = (all.x + all.y) + (all.z + all.w);
  let high = bitcast<f32>(bitcast<u32>(origin + middle) & 0xfffff000u);
  let inverse = inverseSqrt(total / f32(sizes.quads * 4u) + sizes.epsilon);
  let to = (sizes.first + index) * 3u;
  states[to] = high;
  states[to + 1u] = middle - (high - origin);
  states[to + 2u] = select(total, inverse, sizes.parts == 1u);
}
