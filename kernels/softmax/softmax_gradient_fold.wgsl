// softmax_gradient_fold.wgsl: first pass of the gradient through long rows: the sum over each part of a row, one thread a part.
//
// The sum is of g y for softmax, of g for log-softmax. Blocks of 16 columns go to the parts in turn; the last block of a row may
// be short. Sums in column order. softmax_gradient_merge.wgsl adds up the parts. No barrier.

struct Sizes { rows: u32, columns: u32, parts: u32 }

@group(0) @binding(0) var<storage, read> result: array<f32>;
@group(0) @binding(1) var<storage, read> upstream: array<f32>;
@group(0) @binding(2) var<storage, read_write> sums: array<f32>;
@group(0) @binding(3) var<uniform> sizes: Sizes;

override LOGARITHM: bool = false;

const BLOCK = 16u;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  let row = index / sizes.parts;
  if (row >= sizes.rows) { return; }
  let start = row * sizes.columns;
  let end = start + sizes.columns;
  let stride = sizes.parts * BLOCK;
  var sum = 0.0;
  for (var block = start + index % sizes.parts * BLOCK; block < end; block += stride) {
    let block_end = min(block + BLOCK, end);
    for (var at = block; at < block_end; at++) {
      let g = upstream[at];
      sum += select(g * result[at], g, LOGARITHM);
    }
  }
  sums[index] = sum;
}
