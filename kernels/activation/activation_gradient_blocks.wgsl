// activation_gradient_blocks.wgsl: activation_gradient.wgsl in blocks of four elements, two neighbouring blocks a thread.
//
// As in activation_blocks.wgsl; `length` and `columns` count blocks. No barrier.
//
//
// KIND: 0 GELU, x Phi(x); 1 GELU by tanh, x / (1 + e^(-2 sqrt(2/pi) (x + 0.044715 x^3))), the same function as with a tanh;
// 2 ReLU; 3 tanh.
// Phi(-z) = e^(-z^2/2) t p(t) with t = 1 / (1 + 0.3 z), the form of Abramowitz & Stegun 7.1.26; p, of degree 7, is a least-maximum
// fit to [0, 13], 1.2e-7 relative, 5e-7 in float32, so that the far tail, too, is right. From -13 down GELU is as good as 0.
// tanh: an odd polynomial below 1/2, where 1 - e^(-2x) would cancel, 1.5e-8 relative; else (1 - e^(-2x)) / (1 + e^(-2x)).
// Arguments of exp are held where neither e^x nor its inverse leaves the normal numbers. A NaN stays one: no choice drops it.

struct Sizes { length: u32, columns: u32 }

@group(0) @binding(0) var<storage, read> values: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> bias: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> upstream: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> gradient: array<vec4<f32>>;
@group(0) @binding(4) var<uniform> sizes: Sizes;

override BIAS: bool = false;

fn write(index: u32, column: u32) {
  var x = values[index];
  if (BIAS) { x += bias[column]; }
  gradient[index] = upstream[index] * vec4<f32>(slope(x.x), slope(x.y), slope(x.z), slope(x.w));
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let first = ((group.y * groups.x + group.x) * 64u + lane) * 2u;
  if (first >= sizes.length) { return; }
  var column = 0u;
  if (BIAS) { column = first % sizes.columns; }
  write(first, column);
  if (first + 1u >= sizes.length) { return; }
  write(first + 1u, select(column + 1u, 0u, column + 1u == sizes.columns));
}

override KIND: u32 = 0u;

const GELU_TANH = 1u;
const RELU = 2u;
const TANH = 3u;

// Phi(-z) for z in [0, 13], given e = e^(-z^2/2).
fn normal_tail(z: f32, e: f32) -> f32 {
  let t = 1.0 / (1.0 + 0.3 * z);
  let high = ((0.036194641 * t - 0.15937737) * t + 0.2101167) * t - 0.057165775;
  return ((((high * t + 0.1304156) * t + 0.099347392) * t + 0.12084549) * t + 0.11962327) * t * e;
}

fn slope(x: f32) -> f32 {
  if (KIND == RELU) { return select(0.0, 1.0, x > 0.0); }
  if (KIND == TANH) {
    let e = exp(-2.0 * min(abs(x), 40.0));
    return 4.0 * e / ((1.0 + e) * (1.0 + e));
  }
  if (KIND == GELU_TANH) {
    let c = clamp(x, -9.5, 9.5);
    let e = exp(-1.5957691 * (c + 0.044715 * c * c * c));
    let s = 1.0 / (1.0 + e);
    return s + c * (e * s) * s * 1.5957691 * (1.0 + 0.134145 * c * c);
  }
  let z = min(abs(x), 13.0);
  let e = exp(-0.5 * z * z);
  let tail = normal_tail(z, e);
  return select(1.0 - tail, tail, x < 0.0) + select(z, -z, x < 0.0) * e * 0.3989422804;
}
