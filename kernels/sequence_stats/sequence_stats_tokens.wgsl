// sequence_stats_tokens.wgsl: from the softmax states of tokens to the statistics of a chunk of a sequence, one thread a chunk.
//
// Reads what sequence_stats_wide.wgsl wrote, merged to one state (m, second, r, t, finite) a token. The token's three quantities,
// those of the chunk and the markers are as in sequence_stats_narrow.wgsl, and so is what is written. Reads 5 words a real token,
// writes 10 words a chunk.

struct Sizes {
  sequences: u32, length: u32, chunks: u32, chunk_tokens: u32,
  // Where the first sequence stands in the binding, in words.
  real_base: u32,
}

@group(0) @binding(0) var<storage, read> token_states: array<f32>;
@group(0) @binding(1) var<storage, read> real: array<u32>;
@group(0) @binding(2) var<storage, read_write> states: array<f32>;
@group(0) @binding(3) var<storage, read_write> counts: array<i32>;
@group(0) @binding(4) var<uniform> sizes: Sizes;

// Whether `real` holds a word a token, and not a length a sequence.
override MASKED: bool = false;

const LOWEST = -3.402823e38;
const CLAMP = -87.0;

fn log1p(r: f32) -> f32 {
  return select(log(1.0 + r), r - r * r * (0.5 - r / 3.0), r < 0.005);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let item = (group.y * groups.x + group.x) * 64u + lane;
  if (item >= sizes.sequences * sizes.chunks) { return; }
  let sequence = item / sizes.chunks;
  let chunk = item % sizes.chunks;
  let first = chunk * sizes.chunk_tokens;
  var end = min(first + sizes.chunk_tokens, sizes.length);
  var overlong = false;
  if (!MASKED) {
    let length = real[sizes.real_base + sequence];
    overlong = length > sizes.length;
    end = min(end, length);
  }
  var sum = vec3<f32>(0.0);
  var least = vec3<f32>(-LOWEST);
  var most = vec3<f32>(LOWEST);
  var count = 0;
  var poison = 0x7fffffffu;
  for (var token = first; token < end; token++) {
    let row = sequence * sizes.length + token;
    if (MASKED) {
      if (real[sizes.real_base + row] == 0u) { continue; }
    }
    let m = token_states[row * 5u];
    let second = token_states[row * 5u + 1u];
    let r = token_states[row * 5u + 2u];
    let t = token_states[row * 5u + 3u];
    let scale = 1.0 / (1.0 + r);
    let log_s = log1p(r);
    let values = vec3<f32>(-log_s, log_s - t * scale, (1.0 - exp(max(second - m, CLAMP))) * scale);
    sum += values;
    least = min(least, values);
    most = max(most, values);
    count++;
    poison = select(poison, min(poison, token), token_states[row * 5u + 4u] < 0.5);
  }
  let state = item * 9u;
  states[state] = sum.x;
  states[state + 1u] = sum.y;
  states[state + 2u] = sum.z;
  states[state + 3u] = least.x;
  states[state + 4u] = least.y;
  states[state + 5u] = least.z;
  states[state + 6u] = most.x;
  states[state + 7u] = most.y;
  states[state + 8u] = most.z;
  let marked = select(count, -1 - i32(poison), poison != 0x7fffffffu);
  counts[item] = select(marked, -1 - i32(sizes.length), overlong);
}
