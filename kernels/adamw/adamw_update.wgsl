// adamw_update.wgsl: last pass of four; one AdamW step over all parameters in flat buffers, or over one tile of them.
//
//   g <- coefficient * gradient   m <- b1 m + (1-b1) g          v <- b2 v + (1-b2) g^2
//   p <- p (1 - lr decay)         p <- p - lr (m / c1) / (sqrt(v / c2) + epsilon)      with c = 1 - b^step
//
// Decoupled decay (Loshchilov & Hutter, 2019) acts where the mask of the element's block of 64 is 1: parameters begin at
// multiples of 64, so a block never spans two. Coefficient, lr and corrections come from the state, which adamw_advance.wgsl has
// written; where it says that this step is none, nothing is touched. 1 - b comes from the host: in float32, 1 - 0.999 is off by
// 1e-5 of itself. sqrt(v / c2) is sqrt(v) times 1/sqrt(c2).
//
// One thread a vector of four elements, which suits a GPU and a software adapter alike: more of them a thread, a workgroup's width
// apart, take twice the time on the latter. Reads four floats an element and writes three. No barrier.

struct Settings {
  vectors: u32,
  decay: f32,
  beta1: f32,
  fresh1: f32,
  beta2: f32,
  fresh2: f32,
  epsilon: f32,
}

@group(0) @binding(0) var<storage, read_write> parameters: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> gradient: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> first_moment: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> second_moment: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> decay_mask: array<u32>;
// The words of adamw_advance.wgsl.
@group(0) @binding(5) var<storage, read> state: array<vec4<f32>>;
@group(0) @binding(6) var<uniform> settings: Settings;

const BLOCK_VECTORS = 16u;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let at = (group.y * groups.x + group.x) * 256u + lane;
  if (at >= settings.vectors) { return; }
  let coefficient = state[0].w;
  // lr, 1/c1, 1/sqrt(c2), whether this step is one.
  let rates = state[1];
  if (rates.w == 0.0) { return; }
  let g = gradient[at] * coefficient;
  let m = settings.beta1 * first_moment[at] + settings.fresh1 * g;
  let v = settings.beta2 * second_moment[at] + settings.fresh2 * (g * g);
  let decayed = parameters[at] * (1.0 - rates.x * settings.decay * f32(decay_mask[at / BLOCK_VECTORS]));
  first_moment[at] = m;
  second_moment[at] = v;
  parameters[at] = decayed - rates.x * rates.y * m / (sqrt(v) * rates.z + settings.epsilon);
}
