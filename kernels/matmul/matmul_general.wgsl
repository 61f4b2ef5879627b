// matmul_general.wgsl: matrix product of any sizes and strides, 8 by 8 elements of the result in the registers of a thread, no barrier.
//
// For what the other variants cannot read as vec4: sizes that are no multiples of 4. Each step of k reads eight elements of either
// factor for 64 multiply-adds. Numerics as in matmul_blocks.wgsl: one chain of fused multiply-adds over ascending k an element; past the
// edges some value is read and not stored. Where sums are continued, the chain begins from what the result holds.

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
override CONTINUED: bool = false;

// Where the sums of four neighbours begin.
fn begun(row: u32, column: u32, at: u32) -> vec4<f32> {
  var values = vec4<f32>();
  if (!CONTINUED || row >= sizes.m) { return values; }
  for (var next = 0u; next < 4u; next++) {
    if (column + next < sizes.n) { values[next] = result[at + row * sizes.result_stride + column + next]; }
  }
  return values;
}

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

// Four neighbours along n.
fn four_of_b(at: u32) -> vec4<f32> {
  let next = sizes.b_column;
  return vec4<f32>(b[at], b[at + next], b[at + 2u * next], b[at + 3u * next]);
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
  let row = tile / sizes.tiles_n * 8u;
  let column = tile % sizes.tiles_n * 8u;
  var a_at = outer * sizes.a_outer + inner * sizes.a_inner + row * sizes.a_row;
  var b_at = outer * sizes.b_outer + inner * sizes.b_inner + column * sizes.b_column;
  let at = outer * sizes.result_outer + inner * sizes.result_inner;
  var c00 = begun(row, column, at);
  var c01 = begun(row, column + 4u, at);
  var c10 = begun(row + 1u, column, at);
  var c11 = begun(row + 1u, column + 4u, at);
  var c20 = begun(row + 2u, column, at);
  var c21 = begun(row + 2u, column + 4u, at);
  var c30 = begun(row + 3u, column, at);
  var c31 = begun(row + 3u, column + 4u, at);
  var c40 = begun(row + 4u, column, at);
  var c41 = begun(row + 4u, column + 4u, at);
  var c50 = begun(row + 5u, column, at);
  var c51 = begun(row + 5u, column + 4u, at);
  var c60 = begun(row + 6u, column, at);
  var c61 = begun(row + 6u, column + 4u, at);
  var c70 = begun(row + 7u, column, at);
  var c71 = begun(row + 7u, column + 4u, at);
  for (var k = 0u; k < sizes.k; k++) {
    let y0 = four_of_b(b_at);
    let y1 = four_of_b(b_at + 4u * sizes.b_column);
    let x0 = vec4<f32>(a[a_at]);
    c00 = fma(x0, y0, c00);
    c01 = fma(x0, y1, c01);
    let x1 = vec4<f32>(a[a_at + sizes.a_row]);
    c10 = fma(x1, y0, c10);
    c11 = fma(x1, y1, c11);
    let x2 = vec4<f32>(a[a_at + 2u * sizes.a_row]);
    c20 = fma(x2, y0, c20);
    c21 = fma(x2, y1, c21);
    let x3 = vec4<f32>(a[a_at + 3u * sizes.a_row]);
    c30 = fma(x3, y0, c30);
    c31 = fma(x3, y1, c31);
    let x4 = vec4<f32>(a[a_at + 4u * sizes.a_row]);
    c40 = fma(x4, y0, c40);
    c41 = fma(x4, y1, c41);
    let x5 = vec4<f32>(a[a_at + 5u * sizes.a_row]);
    c50 = fma(x5, y0, c50);
    c51 = fma(x5, y1, c51);
    let x6 = vec4<f32>(a[a_at + 6u * sizes.a_row]);
    c60 = fma(x6, y0, c60);
    c61 = fma(x6, y1, c61);
    let x7 = vec4<f32>(a[a_at + 7u * sizes.a_row]);
    c70 = fma(x7, y0, c70);
    c71 = fma(x7, y1, c71);
    a_at += sizes.a_column;
    b_at += sizes.b_row;
  }
  store(row, column, at, c00);
  store(row, column + 4u, at, c01);
  store(row + 1u, column, at, c10);
  store(row + 1u, column + 4u, at, c11);
  store(row + 2u, column, at, c20);
  store(row + 2u, column + 4u, at, c21);
  store(row + 3u, column, at, c30);
  store(row + 3u, column + 4u, at, c31);
  store(row + 4u, column, at, c40);
  store(row + 4u, column + 4u, at, c41);
  store(row + 5u, column, at, c50);
  store(row + 5u, column + 4u, at, c51);
  store(row + 6u, column, at, c60);
  store(row + 6u, column + 4u, at, c61);
  store(row + 7u, column, at, c70);
  store(row + 7u, column + 4u, at, c71);
}
