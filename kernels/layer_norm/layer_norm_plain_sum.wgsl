// layer_norm_plain_sum.wgsl: residual + dropout(values), or dropout(values) alone, two elements a thread; for any width.
//
// The mask is that of dropout.wgsl for the same key; `first_pair` is where a tile begins among all pairs. It serves both ways: without
// RESIDUAL the values are the upstream gradient, and the result is the gradient of what was dropped. No barrier.

struct Sizes {
  length: u32,
  first_pair: u32,
  threshold: u32,
  kept_scale: f32,
  seed: u32,
  site: u32,
  step: u32,
}

@group(0) @binding(0) var<storage, read> values: array<f32>;
@group(0) @binding(1) var<storage, read> residual: array<f32>;
@group(0) @binding(2) var<storage, read_write> sum: array<f32>;
@group(0) @binding(3) var<uniform> sizes: Sizes;

override DROPOUT: bool = false;
override RESIDUAL: bool = true;

fn rotate(value: u32, bits: u32) -> u32 {
  return (value << bits) | (value >> (32u - bits));
}

// Salmon et al. 2011, as in dropout.wgsl: four rounds and the injection after them.
fn rounds(state: vec2<u32>, r: vec4<u32>, injection: vec2<u32>) -> vec2<u32> {
  var x = state.x;
  var y = state.y;
  x += y;
  y = rotate(y, r.x) ^ x;
  x += y;
  y = rotate(y, r.y) ^ x;
  x += y;
  y = rotate(y, r.z) ^ x;
  x += y;
  y = rotate(y, r.w) ^ x;
  return vec2<u32>(x, y) + injection;
}

fn words_of(pair: u32) -> vec2<u32> {
  let a = sizes.seed;
  let b = sizes.site;
  let c = 0x1bd11bdau ^ a ^ b;
  let even = vec4<u32>(13u, 15u, 26u, 6u);
  let odd = vec4<u32>(17u, 29u, 16u, 24u);
  var state = vec2<u32>(sizes.first_pair + pair + a, sizes.step + b);
  state = rounds(state, even, vec2<u32>(b, c + 1u));
  state = rounds(state, odd, vec2<u32>(c, a + 2u));
  state = rounds(state, even, vec2<u32>(a, b + 3u));
  state = rounds(state, odd, vec2<u32>(b, c + 4u));
  return rounds(state, even, vec2<u32>(c, a + 5u));
}

fn put(at: u32, word: u32) {
  if (at >= sizes.length) { return; }
  var x = values[at];
  if (DROPOUT) { x = select(0.0, x * sizes.kept_scale, word >= sizes.threshold); }
  if (RESIDUAL) { x += residual[at]; }
  sum[at] = x;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  if (index * 2u >= sizes.length) { return; }
  var words = vec2<u32>(0u);
  if (DROPOUT) { words = words_of(index); }
  put(index * 2u, words.x);
  put(index * 2u + 1u, words.y);
}
