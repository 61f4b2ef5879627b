// layer_norm_residual_fold.wgsl: first pass of layer norm of residual + dropout(values): writes that sum, and folds it.
//
// The sum's parts become (high, low, M2) as in layer_norm_fold.wgsl, which tells how. The mask is that of dropout.wgsl for the same
// key and the element's place in [rows, columns]; without DROPOUT there is none, and no words are drawn.
// For rows of a multiple of 4 columns. Reads both inputs once, writes one array. No barrier.

struct Sizes {
  rows: u32,
  quads: u32,
  parts: u32,
  first: u32,
  epsilon: f32,
  first_pair: u32,
  threshold: u32,
  kept_scale: f32,
  seed: u32,
  site: u32,
  step: u32,
}

@group(0) @binding(0) var<storage, read> values: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> residual: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> sum: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> states: array<f32>;
@group(0) @binding(4) var<uniform> sizes: Sizes;

override DROPOUT: bool = false;

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

fn summed(quad: u32) -> vec4<f32> {
  var x = values[quad];
  if (DROPOUT) { x = dropped(x, quad); }
  let both = residual[quad] + x;
  sum[quad] = both;
  return both;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  let row = index / sizes.parts;
  if (row >= sizes.rows) { return; }
  let start = row * sizes.quads;
  let part = index % sizes.parts;
  // Any number near the mean will do.
  let origin = residual[start + part].x + values[start + part].x;
  var mean = vec4<f32>(0.0);
  var m2 = vec4<f32>(0.0);
  var count = 0.0;
  var quad = part;
  for (; quad + 3u * sizes.parts < sizes.quads; quad += 4u * sizes.parts) {
    let at = start + quad;
    let a = summed(at) - origin;
    let b = summed(at + sizes.parts) - origin;
    let c = summed(at + 2u * sizes.parts) - origin;
    let d = summed(at + 3u * sizes.parts) - origin;
    let own = ((a + b) + (c + d)) * 0.25;
    let own_m2 = ((a - own) * (a - own) + (b - own) * (b - own)) + ((c - own) * (c - own) + (d - own) * (d - own));
    let delta = own - mean;
    let share = 4.0 / (count + 4.0);
    mean += delta * share;
    m2 += own_m2 + delta * delta * (count * share);
    count += 4.0;
  }
  for (; quad < sizes.quads; quad += sizes.parts) {
    let x = summed(start + quad) - origin;
    let delta = x - mean;
    count += 1.0;
    mean += delta / count;
    m2 += delta * (x - mean);
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
