// committee_narrow.wgsl: disagreement of the members of a committee over few classes, one thread a row.
//
// Two passes over the row's logits in every member; nothing of their size is written. The first sums the members' softmax
// P_c = e^d / s, with d = x - max and s = sum e^d, to the consensus Q = mean P_c, and counts votes; each member's entropy is
// log s - (sum d e^d) / s. The second gives KL(P_c, Q) = (sum e^d (d - log Q)) / s - log s. It computes e^d anew: to keep it
// would take a private array that is indexed by the member, which costs more than the second read, whose data is in a cache.
// Numerics: KL is summed class by class and not taken as a difference of two entropies, so that where members agree it is
// rounding and not cancellation; below 0 it is 0. The entropy of Q is the mean entropy plus the mean KL, an identity.
// d is clamped at -87 once, before all of its uses, and Q at the least normal number, so that every logarithm is finite. Logits
// below LOWEST count as LOWEST, so that a row that is masked throughout is a row of equal logits. NaN and infinities are found
// by their bits; such a row gets -1 - (its first such member) as mean KL.
// CLASSES is a constant of the pipeline: compilers then unroll the loops and the arrays become registers.
// Reads members*rows*CLASSES floats twice, writes 5 floats a row. No barrier, so a software adapter runs it well.

override CLASSES: u32 = 1u;

// `first` is the row of `stats` where the tile begins.
struct Sizes { members: u32, rows: u32, first: u32 }

@group(0) @binding(0) var<storage, read> logits: array<u32>;
@group(0) @binding(1) var<storage, read_write> stats: array<f32>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

const LOWEST = -3.402823e38;
const CLAMP = -87.0;
const LEAST = 1.2e-38;
const MOST_CLASSES = 64u;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let row = (group.y * groups.x + group.x) * 64u + lane;
  if (row >= sizes.rows) { return; }
  let members = f32(sizes.members);
  let stride = sizes.rows * CLASSES;
  // Of the member at hand: first its logits, then e^d.
  var x: array<f32, MOST_CLASSES>;
  // First the sum of P, then log Q.
  var consensus: array<f32, MOST_CLASSES>;
  var votes: array<f32, MOST_CLASSES>;
  var entropy = 0.0;
  var bad = 0u;
  var start = row * CLASSES;
  for (var member = 0u; member < sizes.members; member++) {
    var highest = 0u;
    var m = LOWEST;
    var best = 0u;
    for (var i = 0u; i < CLASSES; i++) {
      let bits = logits[start + i];
      let value = max(bitcast<f32>(bits), LOWEST);
      highest = max(highest, bits & 0x7fffffffu);
      x[i] = value;
      best = select(best, i, value > m);
      m = max(m, value);
    }
    bad = select(bad, member + 1u, bad == 0u && highest >= 0x7f800000u);
    var s = 0.0;
    var t = 0.0;
    for (var i = 0u; i < CLASSES; i++) {
      let d = max(x[i] - m, CLAMP);
      let e = exp(d);
      x[i] = e;
      s += e;
      t += d * e;
    }
    let scale = 1.0 / s;
    entropy += log(s) - t * scale;
    for (var i = 0u; i < CLASSES; i++) {
      consensus[i] += x[i] * scale;
      votes[i] += select(0.0, 1.0, i == best);
    }
    start += stride;
  }
  var vote_entropy = 0.0;
  for (var i = 0u; i < CLASSES; i++) {
    consensus[i] = log(max(consensus[i] / members, LEAST));
    let share = votes[i] / members;
    vote_entropy -= select(0.0, share * log(max(share, LEAST)), votes[i] < members);
  }
  var mean_kl = 0.0;
  var max_kl = 0.0;
  start = row * CLASSES;
  for (var member = 0u; member < sizes.members; member++) {
    var m = LOWEST;
    for (var i = 0u; i < CLASSES; i++) {
      let value = max(bitcast<f32>(logits[start + i]), LOWEST);
      x[i] = value;
      m = max(m, value);
    }
    var s = 0.0;
    var t = 0.0;
    for (var i = 0u; i < CLASSES; i++) {
      let d = max(x[i] - m, CLAMP);
      let e = exp(d);
      s += e;
      t += e * (d - consensus[i]);
    }
    let kl = max(t / s - log(s), 0.0);
    mean_kl += kl;
    max_kl = max(max_kl, kl);
    start += stride;
  }
  mean_kl /= members;
  entropy /= members;
  let at = (sizes.first + row) * 5u;
  stats[at] = select(mean_kl, -f32(bad), bad > 0u);
  stats[at + 1u] = max_kl;
  stats[at + 2u] = vote_entropy;
  stats[at + 3u] = entropy + mean_kl;
  stats[at + 4u] = entropy;
}
