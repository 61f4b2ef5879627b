// sequence_stats_narrow.wgsl: statistics of the tokens of a sequence, few classes, one thread a chunk of a sequence.
//
// One pass over a token's row, online, four columns at a time. m = max, second = runner-up, r = sum of e^(x-m) over all but the
// max, t = sum of (x-m) e^(x-m). Of m and four columns one is the new maximum M; each of the other four adds e^d to r and d e^d
// to t, with d = its value - M. Where M is new, with shift = m - M, what was there is rescaled first:
//   t <- (t + r shift) e^shift,   r <- r e^shift.
// So four exponentials serve four columns. An empty state has m = LOWEST and r = -1 (s = 0) and needs no special case. Of the
// token, with s = 1 + r:
//   max log-probability -log s,   entropy log s - t/s,   margin (1 - e^(second-m)) / s;
// keeping r and not s leaves log s = log1p(r) exact where the model is nearly sure.
// Their sum, minimum and maximum over the real tokens of the chunk go to scratch, which sequence_stats_merge.wgsl reads, with the
// number of real tokens or, where one holds a NaN or an infinity, -1 - its position; these are found by their bits, since WGSL may
// assume that there are none. Logits of tokens that are not real are not read.
// Numerics: d is clamped at -87, once, before both of its uses. Inputs below LOWEST count as LOWEST, so that a row that is masked
// throughout is a row of equal logits. Sums run in a fixed order.
// With lengths, one above the tensor's length is cut, and marked as -1 - length, which no token has.
// Reads the logits of real tokens once, writes 10 words a chunk. No barrier, so a software adapter runs it well.

struct Sizes {
  sequences: u32, length: u32, classes: u32, chunks: u32, chunk_tokens: u32,
  // Where the first sequence begins in its bindings, in words.
  logits_base: u32, real_base: u32,
}

@group(0) @binding(0) var<storage, read> logits: array<u32>;
@group(0) @binding(1) var<storage, read> real: array<u32>;
@group(0) @binding(2) var<storage, read_write> states: array<f32>;
@group(0) @binding(3) var<storage, read_write> counts: array<i32>;
@group(0) @binding(4) var<uniform> sizes: Sizes;

// Whether `real` holds a word a token, and not a length a sequence.
override MASKED: bool = false;

const LOWEST = -3.402823e38;
const CLAMP = -87.0;
const INFINITY_BITS = 0x7f800000u;

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
    let at = sequence * sizes.length + token;
    if (MASKED) {
      if (real[sizes.real_base + at] == 0u) { continue; }
    }
    let start = sizes.logits_base + at * sizes.classes;
    var worst = 0u;
    var m = LOWEST;
    var second = LOWEST;
    var r = -1.0;
    var t = 0.0;
    var column = start;
    let row_end = start + sizes.classes;
    for (; column + 3u < row_end; column += 4u) {
      let bits = vec4<u32>(logits[column], logits[column + 1u], logits[column + 2u], logits[column + 3u]);
      let magnitude = bits & vec4<u32>(0x7fffffffu);
      let pair = max(magnitude.xy, magnitude.zw);
      worst = max(worst, max(pair.x, pair.y));
      let x = max(bitcast<vec4<f32>>(bits), vec4<f32>(LOWEST));
      let high = max(x.xy, x.zw);
      let low = min(x.xy, x.zw);
      let best = max(high.x, high.y);
      let lower = min(m, best);
      let others = vec4<f32>(low, min(high.x, high.y), lower);
      let up = best > m;
      m = max(m, best);
      let d = max(others - m, vec4<f32>(CLAMP));
      let e = exp(d);
      let shift = select(0.0, d.w, up);
      let scale = select(1.0, e.w, up);
      t = (t + r * shift) * scale + dot(d, e);
      r = r * scale + (e.x + e.y + e.z + e.w);
      second = max(second, max(max(others.x, others.y), max(others.z, others.w)));
    }
    for (; column < row_end; column++) {
      let bits = logits[column];
      worst = max(worst, bits & 0x7fffffffu);
      let x = max(bitcast<f32>(bits), LOWEST);
      let lower = min(m, x);
      let up = x > m;
      m = max(m, x);
      let d = max(lower - m, CLAMP);
      let e = exp(d);
      t = (t + r * select(0.0, d, up)) * select(1.0, e, up) + d * e;
      r = r * select(1.0, e, up) + e;
      second = max(second, lower);
    }
    let runner_up = select(exp(max(second - m, CLAMP)), 0.0, sizes.classes == 1u);
    let scale = 1.0 / (1.0 + r);
    let log_s = log1p(r);
    let values = vec3<f32>(-log_s, log_s - t * scale, (1.0 - runner_up) * scale);
    sum += values;
    least = min(least, values);
    most = max(most, values);
    count++;
    poison = select(poison, min(poison, token), worst >= INFINITY_BITS);
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
