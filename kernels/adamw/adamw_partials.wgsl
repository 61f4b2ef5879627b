// adamw_partials.wgsl: first pass of four; sums of squares of the flat gradient, or of one tile of it.
//
// A workgroup walks through a span of consecutive vectors of four elements, its 64 lanes side by side with four vectors each, and
// each lane writes its own sum. So neighbouring lanes share cache lines, a core walks through memory in order, and there is no
// barrier. Spans and order depend on lengths and limits alone, so the norm is the same each time.
// Reads each element once, and writes a sum for each 16 or more of them.

struct Sizes { vectors: u32, span: u32, first: u32 }

@group(0) @binding(0) var<storage, read> gradient: array<vec4<f32>>;
// A tile's own begin at `first`.
@group(0) @binding(1) var<storage, read_write> partials: array<f32>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let end = min(sizes.vectors, (group.x + 1u) * sizes.span);
  var sums = vec4<f32>();
  // The host gives spans in multiples of 256, and lengths in multiples of 16 vectors.
  for (var at = group.x * sizes.span + lane * 4u; at < end; at += 256u) {
    let a = gradient[at];
    let b = gradient[at + 1u];
    let c = gradient[at + 2u];
    let d = gradient[at + 3u];
    sums += (a * a + b * b) + (c * c + d * d);
  }
  let pair = sums.xy + sums.zw;
  partials[sizes.first + group.x * 64u + lane] = pair.x + pair.y;
}
