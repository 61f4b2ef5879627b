// matmul_blocks_small.wgsl: matrix product, 8 by 8 elements of the result in the registers of one thread, no barrier.
//
// result[i, j] = bias[j] + sum over k of a[i, k] b[k, j]; both factors in blocks of 4 by 4, each block four vec4 reads along whatever
// axis lies contiguous in memory, turned over in registers where that is the other one. So every layout costs the same: 16 reads
// of a vec4 for 256 multiply-adds. This is what a software adapter wants, where a read costs far more than arithmetic and a barrier more
// than both; a GPU has matmul_tiled.wgsl.
//
// Numerics: each element is one chain of fused multiply-adds over ascending k, the same in all variants, so that the choice of a
// variant changes no bit. Threads at the edges read past their matrix, where robust access gives some value; what that gives is not
// stored.
// Sizes and strides of what is read as vec4 are in vec4.

struct Sizes {
  m: u32, n4: u32, k4: u32,
  a_stride: u32, b_stride: u32, result_stride: u32,
  // Tiles side by side, tiles of one matrix, and of all.
  tiles_n: u32, tiles: u32, all: u32,
  // Matrices of the inner batch axis; how far apart matrices are along the outer and the inner one.
  inner: u32,
  a_outer: u32, a_inner: u32, b_outer: u32, b_inner: u32, result_outer: u32, result_inner: u32,
}

@group(0) @binding(0) var<storage, read> a: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> b: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> bias: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> result: array<vec4<f32>>;
@group(0) @binding(4) var<uniform> sizes: Sizes;

override LANES: u32 = 64u;
// Whether a is stored [k, m], b is stored [n, k], and whether there is a bias.
override A_TRANSPOSED: bool = false;
override B_TRANSPOSED: bool = false;
override BIASED: bool = false;

// Columns: four rows of a.
fn block_of_a(at: u32) -> mat4x4<f32> {
  let stride = sizes.a_stride;
  let block = mat4x4<f32>(a[at], a[at + stride], a[at + 2u * stride], a[at + 3u * stride]);
  if (A_TRANSPOSED) { return transpose(block); }
  return block;
}

// Columns: four rows of b.
fn block_of_b(at: u32) -> mat4x4<f32> {
  let stride = sizes.b_stride;
  let block = mat4x4<f32>(b[at], b[at + stride], b[at + 2u * stride], b[at + 3u * stride]);
  if (B_TRANSPOSED) { return transpose(block); }
  return block;
}

fn row_added(sum: vec4<f32>, x: vec4<f32>, y: mat4x4<f32>) -> vec4<f32> {
  return fma(x.wwww, y[3], fma(x.zzzz, y[2], fma(x.yyyy, y[1], fma(x.xxxx, y[0], sum))));
}

fn added(sum: mat4x4<f32>, x: mat4x4<f32>, y: mat4x4<f32>) -> mat4x4<f32> {
  return mat4x4<f32>(
    row_added(sum[0], x[0], y), row_added(sum[1], x[1], y), row_added(sum[2], x[2], y), row_added(sum[3], x[3], y));
}

fn store(row: u32, column: u32, at: u32, block: mat4x4<f32>) {
  if (column >= sizes.n4) { return; }
  var shift = vec4<f32>();
  if (BIASED) { shift = bias[column]; }
  let stride = sizes.result_stride;
  let place = at + row * stride + column;
  if (row < sizes.m) { result[place] = block[0] + shift; }
  if (row + 1u < sizes.m) { result[place + stride] = block[1] + shift; }
  if (row + 2u < sizes.m) { result[place + 2u * stride] = block[2] + shift; }
  if (row + 3u < sizes.m) { result[place + 3u * stride] = block[3] + shift; }
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
  let column = tile % sizes.tiles_n * 2u;
  // From one block to the next along m or n, and along k.
  let a_next = select(4u * sizes.a_stride, 1u, A_TRANSPOSED);
  let b_next = select(1u, 4u * sizes.b_stride, B_TRANSPOSED);
  let a_step = select(1u, 4u * sizes.a_stride, A_TRANSPOSED);
  let b_step = select(4u * sizes.b_stride, 1u, B_TRANSPOSED);
  var a_at = outer * sizes.a_outer + inner * sizes.a_inner + row / 4u * a_next;
  var b_at = outer * sizes.b_outer + inner * sizes.b_inner + column * b_next;
  var c00 = mat4x4<f32>();
  var c01 = mat4x4<f32>();
  var c10 = mat4x4<f32>();
  var c11 = mat4x4<f32>();
  for (var k = 0u; k < sizes.k4; k++) {
    let a0 = block_of_a(a_at);
    let a1 = block_of_a(a_at + a_next);
    let b0 = block_of_b(b_at);
    let b1 = block_of_b(b_at + b_next);
    c00 = added(c00, a0, b0);
    c01 = added(c01, a0, b1);
    c10 = added(c10, a1, b0);
    c11 = added(c11, a1, b1);
    a_at += a_step;
    b_at += b_step;
  }
  let at = outer * sizes.result_outer + inner * sizes.result_inner;
  store(row, column, at, c00);
  store(row, column + 1u, at, c01);
  store(row + 4u, column, at, c10);
  store(row + 4u, column + 1u, at, c11);
}
