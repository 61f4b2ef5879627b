// adamw_update.wgsl: third pass of three; one AdamW step over all parameters in one flat buffer, one thread an element.
//
//   g <- clip * gradient          m <- b1 m + (1-b1) g          v <- b2 v + (1-b2) g^2
//   p <- p (1 - lr decay)         p <- p - lr (m / c1) / (sqrt(v / c2) + epsilon)      with c = 1 - b^step
//
// Decoupled decay (Loshchilov & Hutter, 2019) acts where the mask of the element's block of 64 is 1: parameters begin at
// multiples of 64, so a block never spans two. The corrections c1, c2 and the scheduled lr are computed on the host in float64.
// Two roots of v / c2 in place of one division per use: sqrt(v) * (1 / sqrt(c2)).

struct Settings {
  length: u32,
  lr: f32,
  decay: f32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
  inverse_c1: f32,
  inverse_root_c2: f32,
}

@group(0) @binding(0) var<storage, read_write> parameters: array<f32>;
@group(0) @binding(1) var<storage, read> gradient: array<f32>;
@group(0) @binding(2) var<storage, read_write> first_moment: array<f32>;
@group(0) @binding(3) var<storage, read_write> second_moment: array<f32>;
@group(0) @binding(4) var<storage, read> decay_mask: array<u32>;
@group(0) @binding(5) var<storage, read> norm: array<f32>;
@group(0) @binding(6) var<uniform> settings: Settings;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  if (index >= settings.length) { return; }
  let g = gradient[index] * norm[1];
  let m = settings.beta1 * first_moment[index] + (1.0 - settings.beta1) * g;
  let v = settings.beta2 * second_moment[index] + (1.0 - settings.beta2) * g * g;
  first_moment[index] = m;
  second_moment[index] = v;
  let decayed = parameters[index] * (1.0 - settings.lr * settings.decay * f32(decay_mask[index / 64u]));
  let step = settings.lr * (m * settings.inverse_c1) / (sqrt(v) * settings.inverse_root_c2 + settings.epsilon);
  parameters[index] = decayed - step;
}
