// layer_norm_residual_gradient_write.wgsl: layer_norm_gradient_write.wgsl, which tells how, for a sum of a residual and of dropped values.
//
// The gradient of the sum is the residual's; where the mask, drawn again, has dropped a value, its own gradient is 0, else that times
// 1/(1-p). For rows of a multiple of 4 columns. Reads two arrays, writes two. No barrier.

struct Sizes {
  rows: u32,
  quads: u32,
  blocks: u32,
  first: u32,
  thread_rows: u32,
  first_pair: u32,
  threshold: u32,
  kept_scale: f32,
  seed: u32,
  site: u32,
  step: u32,
}

@group(0) @binding(0) var<storage, read> sum: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> moments: array<f32>;
@group(0) @binding(2) var<storage, read> scale: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> upstream: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> means: array<f32>;
@group(0) @binding(5) var<storage, read_write> gradient: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> column_sums: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> values_gradient: array<vec4<f32>>;
@group(0) @binding(8) var<uniform> sizes: Sizes;

fn rotate(value: vec2<u32>, bits: u32) -> vec2<u32> {
  return (value << vec2<u32>(bits)) | (value >> vec2<u32>(32u - bits));
}

// Salmon et al. 2011, as in dropout.wgsl, for two counters at once; four rounds and the injection after them.
fn rounds(state: vec4<u32>, r: vec4<u32>, injection: vec2<u32>) -> vec4<u32> {
  var x = state.xy;
  var y = state.zw;
  x += y;
  y = rotate(y, r.x) ^ x;
  x += y;
  y = rotate(y, r.y) ^ x;
  x += y;
  y = rotate(y, r.z) ^ x;
  x += y;
  y = rotate(y, r.w) ^ x;
  return vec4<u32>(x + vec2<u32>(injection.x), y + vec2<u32>(injection.y));
}

// The words of a quad of elements, in their order: counters are pairs of elements, so a quad has two.
fn words_of(quad: u32) -> vec4<u32> {
  let a = sizes.seed;
  let b = sizes.site;
  let c = 0x1bd11bdau ^ a ^ b;
  let even = vec4<u32>(13u, 15u, 26u, 6u);
  let odd = vec4<u32>(17u, 29u, 16u, 24u);
  let pair = sizes.first_pair + quad * 2u;
  var state = vec4<u32>(pair + a, pair + 1u + a, sizes.step + b, sizes.step + b);
  state = rounds(state, even, vec2<u32>(b, c + 1u));
  state = rounds(state, odd, vec2<u32>(c, a + 2u));
  state = rounds(state, even, vec2<u32>(a, b + 3u));
  state = rounds(state, odd, vec2<u32>(b, c + 4u));
  state = rounds(state, even, vec2<u32>(c, a + 5u));
  return state.xzyw;
}

fn dropped(x: vec4<f32>, quad: u32) -> vec4<f32> {
  return select(vec4<f32>(0.0), x * sizes.kept_scale, words_of(quad) >= vec4<u32>(sizes.threshold));
}

fn put(quad: u32, value: vec4<f32>) {
  gradient[quad] = value;
  values_gradient[quad] = dropped(value, quad);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  let rows_index = index / sizes.blocks;
  let first_row = rows_index * sizes.thread_rows;
  if (first_row >= sizes.rows) { return; }
  let last = sizes.quads - 1u;
  let q0 = index % sizes.blocks;
  let q1 = q0 + sizes.blocks;
  let q2 = q1 + sizes.blocks;
  let q3 = q2 + sizes.blocks;
  // A quad past the end is read as the last one, and not written.
  let r1 = min(q1, last);
  let r2 = min(q2, last);
  let r3 = min(q3, last);
  let s0 = scale[q0];
  let s1 = scale[r1];
  let s2 = scale[r2];
  let s3 = scale[r3];
  var weighted0 = vec4<f32>(0.0);
  var weighted1 = vec4<f32>(0.0);
  var weighted2 = vec4<f32>(0.0);
  var weighted3 = vec4<f32>(0.0);
  var plain0 = vec4<f32>(0.0);
  var plain1 = vec4<f32>(0.0);
  var plain2 = vec4<f32>(0.0);
  var plain3 = vec4<f32>(0.0);
  let end = min(first_row + sizes.thread_rows, sizes.rows);
  for (var row = first_row; row < end; row++) {
    let base = (sizes.first + row) * 3u;
    let high = moments[base];
    let low = moments[base + 1u];
    let inverse = moments[base + 2u];
    let mean = means[row * 2u];
    let weighted_mean = means[row * 2u + 1u];
    let start = row * sizes.quads;
    let g0 = upstream[start + q0];
    let g1 = upstream[start + r1];
    let g2 = upstream[start + r2];
    let g3 = upstream[start + r3];
    let y0 = ((sum[start + q0] - high) - low) * inverse;
    let y1 = ((sum[start + r1] - high) - low) * inverse;
    let y2 = ((sum[start + r2] - high) - low) * inverse;
    let y3 = ((sum[start + r3] - high) - low) * inverse;
    plain0 += g0;
    plain1 += g1;
    plain2 += g2;
    plain3 += g3;
    weighted0 += g0 * y0;
    weighted1 += g1 * y1;
    weighted2 += g2 * y2;
    weighted3 += g3 * y3;
    put(start + q0, ((g0 * s0 - mean) - y0 * weighted_mean) * inverse);
    if (q1 <= last) { put(start + q1, ((g1 * s1 - mean) - y1 * weighted_mean) * inverse); }
    if (q2 <= last) { put(start + q2, ((g2 * s2 - mean) - y2 * weighted_mean) * inverse); }
    if (q3 <= last) { put(start + q3, ((g3 * s3 - mean) - y3 * weighted_mean) * inverse); }
  }
  let to = rows_index * 2u * sizes.quads;
  column_sums[to + q0] = weighted0;
  column_sums[to + sizes.quads + q0] = plain0;
  if (q1 <= last) {
    column_sums[to + q1] = weighted1;
    column_sums[to + sizes.quads + q1] = plain1;
  }
  if (q2 <= last) {
    column_sums[to + q2] = weighted2;
    column_sums[to + sizes.quads + q2] = plain2;
  }
  if (q3 <= last) {
    column_sums[to + q3] = weighted3;
    column_sums[to + sizes.quads + q3] = plain3;
  }
}
