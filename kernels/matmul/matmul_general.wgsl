// matmul_general.wgsl: matrix product of any sizes and strides, 4 by 4 elements of the result a thread, no barrier.
//
// For what the other variants cannot read as vec4: sizes that are no multiples of 4. Each step of k reads four elements of either
// factor. Numerics as in matmul_blocks.wgsl: one chain of fused multiply-adds over ascending k an element; past the edges some value is read and
// not stored.

struct Sizes {
  m: u32, n: u32, k: u32,
  // How far apart neighbours are along each axis of each factor.
  a_row: u32, a_column: u32, b_row: u32, b_column: u32, result_stride: u32,
  // Tiles side by side, tiles of one matrix, and of all.
  tiles_n: u32, tiles: u32, all: u32,
  // Matrices of the inner batch axis; how far apart matrices are along the outer and the inner one.
  inner: u32,
  a_outer: u32, a_inner: u32, b_outer: u32, b_inner: u32, result_outer: u32, result_inner: u32,
}

@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read> bias: array<f32>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;
@group(0) @binding(4) var<uniform> sizes: Sizes;

override LANES: u32 = 64u;
override BIASED: bool = false;

fn store(row: u32, column: u32, at: u32, values: vec4<f32>) {
  if (row >= sizes.m) { return; }
  for (var next = 0u; next < 4u; next++) {
    if (column + next < sizes.n) {
      var shift = 0.0;
      if (BIASED) { shift = bias[column + next]; }
      result[at + row * sizes.result_stride + column + next] = values[next] + shift;
    }
  }
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * LANES + lane;
  if (index >= sizes.all) { return; }
  let matrix = index / sizes.tiles;
  let outer = matrix / sizes.inner;
  let inner = matrix % sizes.inner;
  let tile = index % sizes.tiles;
  let row = tile / sizes.tiles_n * 4u;
  let column = tile % sizes.tiles_n * 4u;
  var a_at = outer * sizes.a_outer + inner * sizes.a_inner + row * sizes.a_row;
  var b_at = outer * sizes.b_outer + inner * sizes.b_inner + column * sizes.b_column;
  var c0 = vec4<f32>();
  var c1 = vec4<f32>();
  var c2 = vec4<f32>();
  var c3 = vec4<f32>();
  for (var k = 0u; k < sizes.k; k++) {
    let y = vec4<f32>(
      b[b_at], b[b_at + sizes.b_column], b[b_at + 2u * sizes.b_column], b[b_at + 3u * sizes.b_column]);
    c0 = fma(vec4<f32>(a[a_at]), y, c0);
    c1 = fma(vec4<f32>(a[a_at + sizes.a_row]), y, c1);
    c2 = fma(vec4<f32>(a[a_at + 2u * sizes.a_row]), y, c2);
    c3 = fma(vec4<f32>(a[a_at + 3u * sizes.a_row]), y, c3);
    a_at += sizes.a_column;
    b_at += sizes.b_row;
  }
  let at = outer * sizes.result_outer + inner * sizes.result_inner;
  store(row, column, at, c0);
  store(row + 1u, column, at, c1);
  store(row + 2u, column, at, c2);
  store(row + 3u, column, at, c3);
}
