// layer_norm_gradient_fold.wgsl: first pass of the gradient: of each part of a row sum g s and sum g s y, four rows' part a thread.
//
// g is the upstream gradient, s the scale, y = (x - mean) inverse. The quads of a row go to its parts in turn; a quad of the scale
// serves four rows. Where a row is one part, this is all, and the sums become means. RMS norm, where CENTRED is false, needs
// the second alone. For rows of a multiple of 4 columns. Reads two arrays once, the scale for each four rows. No barrier.

struct Sizes { rows: u32, quads: u32, parts: u32, first: u32 }

@group(0) @binding(0) var<storage, read> values: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> moments: array<f32>;
@group(0) @binding(2) var<storage, read> scale: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> upstream: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> sums: array<f32>;
@group(0) @binding(5) var<uniform> sizes: Sizes;

override CENTRED: bool = true;

fn moments_of(row: u32) -> vec3<f32> {
  let base = (sizes.first + row) * 3u;
  return vec3<f32>(moments[base], moments[base + 1u], moments[base + 2u]);
}

fn put(row: u32, part: u32, plain: vec4<f32>, weighted: vec4<f32>, inverse: f32) {
  if (row >= sizes.rows) { return; }
  let factor = select(1.0, 1.0 / f32(sizes.quads * 4u), sizes.parts == 1u);
  let sum = (plain.x + plain.y) + (plain.z + plain.w);
  let to = (row * sizes.parts + part) * 2u;
  sums[to] = select(0.0, sum * factor, CENTRED);
  sums[to + 1u] = ((weighted.x + weighted.y) + (weighted.z + weighted.w)) * inverse * factor;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  let row = index / sizes.parts * 4u;
  if (row >= sizes.rows) { return; }
  let part = index % sizes.parts;
  // Rows past the end are read as the last one, and not written.
  let last = sizes.rows - 1u;
  let a = moments_of(row);
  let b = moments_of(min(row + 1u, last));
  let c = moments_of(min(row + 2u, last));
  let d = moments_of(min(row + 3u, last));
  let a_start = row * sizes.quads;
  let b_start = min(row + 1u, last) * sizes.quads;
  let c_start = min(row + 2u, last) * sizes.quads;
  let d_start = min(row + 3u, last) * sizes.quads;
  var a_plain = vec4<f32>(0.0);
  var b_plain = vec4<f32>(0.0);
  var c_plain = vec4<f32>(0.0);
  var d_plain = vec4<f32>(0.0);
  var a_weighted = vec4<f32>(0.0);
  var b_weighted = vec4<f32>(0.0);
  var c_weighted = vec4<f32>(0.0);
  var d_weighted = vec4<f32>(0.0);
  for (var quad = part; quad < sizes.quads; quad += sizes.parts) {
    let s = scale[quad];
    let a_g = upstream[a_start + quad] * s;
    let b_g = upstream[b_start + quad] * s;
    let c_g = upstream[c_start + quad] * s;
    let d_g = upstream[d_start + quad] * s;
    a_plain += a_g;
    b_plain += b_g;
    c_plain += c_g;
    d_plain += d_g;
    a_weighted += a_g * ((values[a_start + quad] - a.x) - a.y);
    b_weighted += b_g * ((values[b_start + quad] - b.x) - b.y);
    c_weighted += c_g * ((values[c_start + quad] - c.x) - c.y);
    d_weighted += d_g * ((values[d_start + quad] - d.x) - d.y);
  }
  put(row, part, a_plain, a_weighted, a.z);
  put(row + 1u, part, b_plain, b_weighted, b.z);
  put(row + 2u, part, c_plain, c_weighted, c.z);
  put(row + 3u, part, d_plain, d_weighted, d.z);
}
