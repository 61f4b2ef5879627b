// adamw_norm.wgsl: second pass of three; the global norm and the clipping coefficient.
//
// One thread adds the partial sums in order. norm[0] = sqrt(sum g^2); norm[1] = min(1, limit / (norm + 1e-6)), as torch's
// clip_grad_norm_ has it, or 1 where the limit is 0 (no clipping). A norm that is not finite gives a coefficient of NaN bits, so
// that the parameters show it in place of a quiet step.

struct Settings { partials: u32, limit: f32 }

@group(0) @binding(0) var<storage, read> partials: array<f32>;
@group(0) @binding(1) var<storage, read_write> norm: array<u32>;
@group(0) @binding(2) var<uniform> settings: Settings;

@compute @workgroup_size(1)
fn main() {
  var sum = 0.0;
  for (var index = 0u; index < settings.partials; index++) { sum += partials[index]; }
  let value = sqrt(sum);
  let clipped = min(1.0, settings.limit / (value + 1e-6));
  let coefficient = select(1.0, clipped, settings.limit > 0.0);
  let bits = bitcast<u32>(value);
  let finite = (bits & 0x7f800000u) != 0x7f800000u;
  norm[0] = bits;
  norm[1] = select(0x7fc00000u, bitcast<u32>(coefficient), finite);
}
