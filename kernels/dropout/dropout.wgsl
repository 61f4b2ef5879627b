// dropout.wgsl: sets each element to zero with probability p and scales the others by 1/(1-p); two elements a thread.
//
// Counter-based: the random word of element i is a pure function of (seed, site, step, i), by Threefry-2x32 with 20 rounds.
// Nothing is stored between forward and backward: the gradient is the same kernel with the same key, on the upstream gradient.
// The key is (seed, site), the counter (i / 2, step); an element is dropped where its word is below p * 2^32, exactly.

struct Settings { length: u32, threshold: u32, scale: f32, seed: u32, site: u32, step: u32 }

@group(0) @binding(0) var<storage, read> values: array<f32>;
@group(0) @binding(1) var<storage, read_write> result: array<f32>;
@group(0) @binding(2) var<uniform> settings: Settings;

fn rotate(value: u32, bits: u32) -> u32 {
  return (value << bits) | (value >> (32u - bits));
}

// Salmon et al. 2011; rotations and parity constant as published.
fn threefry(key: vec2<u32>, counter: vec2<u32>) -> vec2<u32> {
  var rotations = array<u32, 8>(13u, 15u, 26u, 6u, 17u, 29u, 16u, 24u);
  var keys = array<u32, 3>(key.x, key.y, 0x1bd11bdau ^ key.x ^ key.y);
  var x = counter.x + keys[0];
  var y = counter.y + keys[1];
  for (var round = 0u; round < 20u; round++) {
    x += y;
    y = rotate(y, rotations[round % 8u]) ^ x;
    if (round % 4u == 3u) {
      let injection = round / 4u + 1u;
      x += keys[injection % 3u];
      y += keys[(injection + 1u) % 3u] + injection;
    }
  }
  return vec2<u32>(x, y);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let pair = (group.y * groups.x + group.x) * 64u + lane;
  let first = pair * 2u;
  if (first >= settings.length) { return; }
  let words = threefry(vec2<u32>(settings.seed, settings.site), vec2<u32>(pair, settings.step));
  result[first] = select(0.0, values[first] * settings.scale, words.x >= settings.threshold);
  if (first + 1u < settings.length) {
    result[first + 1u] = select(0.0, values[first + 1u] * settings.scale, words.y >= settings.threshold);
  }
}
