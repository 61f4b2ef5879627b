// beam_scores.wgsl: length-normalised scores of an example's hypotheses and their statistics, one thread an example.
//
// score = sum / length^penalty. A whole penalty is a product of lengths, so that it rounds little; only the fraction that is left
// goes through pow, whose error grows with its exponent. Then best, mean and sample variance sum (score - mean)^2 / (n - 1), in
// three passes over the scores, in order.
// A hypothesis of length 0, or whose sum is not above LOWEST, is none: its score is LOWEST and it counts for nothing. NaN and
// infinities are found by their bits: the score of such a sum is LOWEST, and the example's count is -(1 + hypothesis), of the first.
// Reads 8 bytes a hypothesis, writes 4, and 16 an example. No barrier.

struct Sizes { examples: u32, hypotheses: u32, penalty: f32 }

@group(0) @binding(0) var<storage, read> sums: array<u32>;
@group(0) @binding(1) var<storage, read> lengths: array<u32>;
@group(0) @binding(2) var<storage, read_write> scores: array<f32>;
@group(0) @binding(3) var<storage, read_write> stats: array<vec4<f32>>;
@group(0) @binding(4) var<uniform> sizes: Sizes;

const LOWEST = -3.402823e38;

fn normaliser(length: f32) -> f32 {
  let exponent = abs(sizes.penalty);
  let whole = floor(exponent);
  var power = 1.0;
  for (var factor = 0u; factor < u32(whole); factor++) { power *= length; }
  if (exponent > whole) { power *= pow(length, exponent - whole); }
  return power;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let example = (group.y * groups.x + group.x) * 64u + lane;
  if (example >= sizes.examples) { return; }
  let first = example * sizes.hypotheses;
  let end = first + sizes.hypotheses;
  var best = LOWEST;
  var total = 0.0;
  var count = 0.0;
  var poisoned = 0u;
  for (var at = first; at < end; at++) {
    let bits = sums[at];
    let length = lengths[at];
    let is_poison = (bits & 0x7f800000u) == 0x7f800000u;
    let exists = length > 0u && (is_poison || bitcast<f32>(bits) > LOWEST);
    if (exists && is_poison && poisoned == 0u) { poisoned = 1u + at - first; }
    var score = LOWEST;
    if (exists && !is_poison) {
      let sum = bitcast<f32>(bits);
      let power = normaliser(f32(length));
      score = max(select(sum / power, sum * power, sizes.penalty < 0.0), LOWEST);
      best = max(best, score);
      total += score;
      count += 1.0;
    }
    scores[at] = score;
  }
  let mean = select(total / max(count, 1.0), LOWEST, count == 0.0);
  var squares = 0.0;
  for (var at = first; at < end; at++) {
    let score = scores[at];
    if (score > LOWEST) { squares += (score - mean) * (score - mean); }
  }
  let variance = select(squares / max(count - 1.0, 1.0), 0.0, count < 2.0);
  stats[example] = select(vec4<f32>(best, mean, variance, count), vec4<f32>(LOWEST, LOWEST, 0.0, -f32(poisoned)), poisoned > 0u);
}
