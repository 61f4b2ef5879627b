// sequence_stats_merge.wgsl: merges the chunks of a sequence, one thread a sequence.
//
// Reads what sequence_stats_narrow.wgsl or sequence_stats_tokens.wgsl wrote, in order, so that the result does not depend on the
// schedule: for each chunk the sums, minima and maxima of the three quantities, and its number of real tokens or the marker -1 - t.
// The first marker wins. Writes sum, mean, minimum and maximum of each quantity: all 0 where no token is real, LOWEST where there
// is a marker.

struct Sizes {
  sequences: u32, chunks: u32,
  // Where the first sequence stands in its bindings, in words.
  stats_base: u32, tokens_base: u32,
}

@group(0) @binding(0) var<storage, read> states: array<f32>;
@group(0) @binding(1) var<storage, read> counts: array<i32>;
@group(0) @binding(2) var<storage, read_write> stats: array<f32>;
@group(0) @binding(3) var<storage, read_write> tokens: array<i32>;
@group(0) @binding(4) var<uniform> sizes: Sizes;

const LOWEST = -3.402823e38;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let sequence = (group.y * groups.x + group.x) * 64u + lane;
  if (sequence >= sizes.sequences) { return; }
  var sum = vec3<f32>(0.0);
  var least = vec3<f32>(-LOWEST);
  var most = vec3<f32>(LOWEST);
  var count = 0;
  for (var chunk = 0u; chunk < sizes.chunks; chunk++) {
    let item = sequence * sizes.chunks + chunk;
    let at = item * 9u;
    sum += vec3<f32>(states[at], states[at + 1u], states[at + 2u]);
    least = min(least, vec3<f32>(states[at + 3u], states[at + 4u], states[at + 5u]));
    most = max(most, vec3<f32>(states[at + 6u], states[at + 7u], states[at + 8u]));
    let more = counts[item];
    count = select(select(count + more, more, more < 0), count, count < 0);
  }
  let mean = sum / max(f32(count), 1.0);
  for (var quantity = 0u; quantity < 3u; quantity++) {
    var result = vec4<f32>(sum[quantity], mean[quantity], least[quantity], most[quantity]);
    result = select(result, vec4<f32>(0.0), count == 0);
    result = select(result, vec4<f32>(LOWEST), count < 0);
    let at = sizes.stats_base + sequence * 12u + quantity * 4u;
    stats[at] = result.x;
    stats[at + 1u] = result.y;
    stats[at + 2u] = result.z;
    stats[at + 3u] = result.w;
  }
  tokens[sizes.tokens_base + sequence] = count;
}
