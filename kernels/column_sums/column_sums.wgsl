// column_sums.wgsl: one pass of column sums: rows p, p + parts, p + 2 parts, ... of a matrix add up to row p of a smaller one.
//
// Laid flat, element i of the smaller matrix is the sum of elements i, i + stride, i + 2 stride, ... with stride = parts * columns:
// neighbouring threads read neighbouring addresses however few the columns are, and the same text serves the first pass, the
// passes between and the last, whose stride is one row. One thread a sum, 8 loads a step, in a fixed order; passes of 32 rows keep
// the rounding error to that of a short sum. The smaller matrix begins at element `into`. No barrier, no atomics.

struct Sizes { length: u32, stride: u32, into: u32 }

@group(0) @binding(0) var<storage, read> values: array<f32>;
@group(0) @binding(1) var<storage, read_write> sums: array<f32>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  let stride = sizes.stride;
  if (index >= stride) { return; }
  var sum = 0.0;
  var at = index;
  for (; at + 7u * stride < sizes.length; at += 8u * stride) {
    let a = values[at] + values[at + stride];
    let b = values[at + 2u * stride] + values[at + 3u * stride];
    let c = values[at + 4u * stride] + values[at + 5u * stride];
    let d = values[at + 6u * stride] + values[at + 7u * stride];
    sum += (a + b) + (c + d);
  }
  for (; at < sizes.length; at += stride) { sum += values[at]; }
  sums[sizes.into + index] = sum;
}
