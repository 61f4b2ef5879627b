// sequence_stats_wide.wgsl: softmax statistics of parts of the tokens of sequences, many classes, one thread a part.
//
// The algorithm and the numerics of row_stats_wide.wgsl, with a token as a row: its part of the row is folded into a state (m,
// second, r, t, finite). Parts of tokens that are not real are neither read nor written. row_stats_merge.wgsl merges the states
// of a token, where it has several, and sequence_stats_tokens.wgsl goes on from there.
// Neighbouring threads read neighbouring blocks of 64 bytes. No barrier.
// Reads the logits of real tokens once, writes 5 words a part.

struct Sizes {
  // Of this dispatch.
  tokens: u32,
  // The first of them, counted from the first token of the first sequence that `states` and `real` are of.
  first_token: u32,
  length: u32, classes: u32, parts: u32,
  // Where the first token, and the first sequence, begin in their bindings, in words.
  logits_base: u32, real_base: u32,
}

@group(0) @binding(0) var<storage, read> blocks: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read> logits: array<u32>;
@group(0) @binding(2) var<storage, read> real: array<u32>;
@group(0) @binding(3) var<storage, read_write> states: array<f32>;
@group(0) @binding(4) var<uniform> sizes: Sizes;

// Whether `real` holds a word a token, and not a length a sequence.
override MASKED: bool = false;

const LOWEST = -0x1.fffffep+127f;
const CLAMP = -87.0;
const MAGNITUDE = 0x7fffffffu;
const INFINITY_BITS = 0x7f800000u;
const BLOCK = 16u;

struct State { m: f32, second: f32, r: f32, t: f32 }

fn merged(a: State, b: State) -> State {
  let swap = b.m > a.m;
  let high_m = max(a.m, b.m);
  let low_m = min(a.m, b.m);
  let d = max(low_m - high_m, CLAMP);
  let e = exp(d);
  let low_s = 1.0 + select(b.r, a.r, swap);
  let low_t = select(b.t, a.t, swap);
  return State(
    high_m,
    max(select(a.second, b.second, swap), low_m),
    select(a.r, b.r, swap) + low_s * e,
    select(a.t, b.t, swap) + (low_t + low_s * d) * e,
  );
}

fn is_real(token: u32) -> bool {
  if (MASKED) { return real[sizes.real_base + token] != 0u; }
  return token % sizes.length < real[sizes.real_base + token / sizes.length];
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  let local = index / sizes.parts;
  let part = index % sizes.parts;
  if (local >= sizes.tokens) { return; }
  let token = sizes.first_token + local;
  if (!is_real(token)) { return; }
  let start = sizes.logits_base + local * sizes.classes;
  let end = start + sizes.classes;
  let first_block = (start + BLOCK - 1u) / BLOCK;
  let end_block = end / BLOCK;

  var m = vec4<f32>(LOWEST);
  var second = vec4<f32>(LOWEST);
  var r = vec4<f32>(-1.0);
  var t = vec4<f32>(0.0);
  var peak = vec4<u32>(0u);
  for (var block = first_block + part; block < end_block; block += sizes.parts) {
    let a_bits = blocks[block * 4u];
    let b_bits = blocks[block * 4u + 1u];
    let c_bits = blocks[block * 4u + 2u];
    let d_bits = blocks[block * 4u + 3u];
    peak = max(max(peak, a_bits & vec4<u32>(MAGNITUDE)), b_bits & vec4<u32>(MAGNITUDE));
    peak = max(max(peak, c_bits & vec4<u32>(MAGNITUDE)), d_bits & vec4<u32>(MAGNITUDE));
    // Of two, the larger goes on as maximum; the other, `low`, is a term of the sums.
    let a = bitcast<vec4<f32>>(a_bits);
    let a_low = min(m, a);
    let a_m = max(m, a);
    let b = bitcast<vec4<f32>>(b_bits);
    let b_low = min(a_m, b);
    let b_m = max(a_m, b);
    let c = bitcast<vec4<f32>>(c_bits);
    let c_low = min(b_m, c);
    let c_m = max(b_m, c);
    let d = bitcast<vec4<f32>>(d_bits);
    let d_low = min(c_m, d);
    let new_m = max(c_m, d);
    second = max(max(second, max(a_low, b_low)), max(c_low, d_low));
    let fall = max(m - new_m, vec4<f32>(CLAMP));
    let scale = select(exp(fall), vec4<f32>(1.0), fall == vec4<f32>(0.0));
    m = new_m;
    let a_d = max(a_low - m, vec4<f32>(CLAMP));
    let b_d = max(b_low - m, vec4<f32>(CLAMP));
    let c_d = max(c_low - m, vec4<f32>(CLAMP));
    let d_d = max(d_low - m, vec4<f32>(CLAMP));
    let a_e = exp(a_d);
    let b_e = exp(b_d);
    let c_e = exp(c_d);
    let d_e = exp(d_d);
    t = (t + r * fall) * scale + ((a_d * a_e + b_d * b_e) + (c_d * c_e + d_d * d_e));
    r = r * scale + ((a_e + b_e) + (c_e + d_e));
  }
  var state = merged(
    merged(State(m.x, second.x, r.x, t.x), State(m.y, second.y, r.y, t.y)),
    merged(State(m.z, second.z, r.z, t.z), State(m.w, second.w, r.w, t.w)),
  );
  var largest = max(max(peak.x, peak.y), max(peak.z, peak.w));

  // What no whole block of the row holds. A short row may have none at all: all of it then is the head.
  let head_end = min(first_block * BLOCK, end);
  let tail_start = max(end_block * BLOCK, head_end);
  var column = select(head_end, start, part == 0u);
  var stop = head_end;
  for (var side = 0u; side < 2u; side++) {
    for (; column < stop; column++) {
      let bits = logits[column];
      largest = max(largest, bits & MAGNITUDE);
      state = merged(state, State(max(bitcast<f32>(bits), LOWEST), LOWEST, 0.0, 0.0));
    }
    column = select(end, tail_start, part == sizes.parts - 1u);
    stop = end;
  }
  let at = (token * sizes.parts + part) * 5u;
  states[at] = state.m;
  states[at + 1u] = state.second;
  states[at + 2u] = state.r;
  states[at + 3u] = state.t;
  states[at + 4u] = select(0.0, 1.0, largest < INFINITY_BITS);
}
