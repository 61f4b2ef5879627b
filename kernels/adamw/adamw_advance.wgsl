// adamw_advance.wgsl: third pass of four, one thread; counts the step, and writes what the update of every element needs.
//
//   norm = sqrt(sum g^2)          coefficient = min(1, limit / (norm + 1e-6)), as torch's clip_grad_norm_ has it; 1 where limit is 0
//   lr = base * factor(step)      factor: step / rising, then (steps - step) / (steps - rising), for steps counted from 0
//   c = 1 - b^t = -expm1(t ln b)  for steps t counted from 1: by a series where t ln b is small, since 1 - 0.999 in float32
//                                 would keep four digits
//
// A norm that is not finite latches `frozen` at its step: from then on nothing is counted and nothing changes. It is found by its
// bits, since WGSL may assume that there is no such number. All words of the state are float32; counts are exact to 2^24.

struct Settings {
  vectors: u32,
  clip: f32,
  base: f32,
  rising: f32,
  // 0: a rate that does not change.
  steps: f32,
  log_beta1: f32,
  log_beta2: f32,
}

// The sums of squares, in vectors of four.
@group(0) @binding(0) var<storage, read> merged: array<vec4<f32>>;
// As bits: a norm that is not finite must pass as it is.
@group(0) @binding(1) var<storage, read_write> state: array<u32>;
@group(0) @binding(2) var<uniform> settings: Settings;

const FROZEN = 0u;
const STEP = 1u;
const NORM = 2u;
const COEFFICIENT = 3u;
const LR = 4u;
const INVERSE_C1 = 5u;
const INVERSE_ROOT_C2 = 6u;
// 1 where this step's update happens, else 0.
const LIVE = 7u;

fn write(word: u32, value: f32) {
  state[word] = bitcast<u32>(value);
}

// Of the learning rate, at a step counted from 0.
fn factor(step: f32) -> f32 {
  if (settings.steps == 0.0) { return 1.0; }
  if (step < settings.rising) { return step / settings.rising; }
  return max(0.0, (settings.steps - step) / max(1.0, settings.steps - settings.rising));
}

// 1 - e^x for x <= 0, relative to itself.
fn rest(x: f32) -> f32 {
  if (x < -1.0) { return 1.0 - exp(max(x, -87.0)); }
  var sum = 1.0;
  for (var term = 11.0; term > 1.0; term -= 1.0) { sum = 1.0 + x / term * sum; }
  return -x * sum;
}

@compute @workgroup_size(1)
fn main() {
  if (bitcast<f32>(state[FROZEN]) > 0.0) {
    write(LIVE, 0.0);
    return;
  }
  var sums = vec4<f32>();
  for (var at = 0u; at < settings.vectors; at++) { sums += merged[at]; }
  let pair = sums.xy + sums.zw;
  let norm = sqrt(pair.x + pair.y);
  let done = bitcast<f32>(state[STEP]);
  let step = done + 1.0;
  let finite = (bitcast<u32>(norm) & 0x7f800000u) != 0x7f800000u;
  write(FROZEN, select(step, 0.0, finite));
  write(STEP, step);
  write(NORM, norm);
  write(COEFFICIENT, select(1.0, min(1.0, settings.clip / (norm + 1e-6)), settings.clip > 0.0));
  write(LR, settings.base * factor(done));
  write(INVERSE_C1, 1.0 / rest(step * settings.log_beta1));
  write(INVERSE_ROOT_C2, 1.0 / sqrt(rest(step * settings.log_beta2)));
  write(LIVE, select(0.0, 1.0, finite));
}
