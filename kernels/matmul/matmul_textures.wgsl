// matmul_textures.wgsl: matrix product, 16 by 16 elements of the result in the registers of one thread, both factors read from textures.
//
// As matmul_blocks.wgsl, but for where it reads: the host copies each factor into a texture first. A software adapter reads
// a storage buffer lane by lane, element by element, and a texture by vector instructions: where reads are the cost, that is worth
// two copies. A texture of rgba32float or, of factors that are stored as float16, rgba16float: textureLoad gives float32 of both, exactly.
// Factors lie in their textures as in their buffers, four elements a texel, so a matrix of a batch begins anywhere.
//
// Numerics: each element is one chain of fused multiply-adds over ascending k, the same in all variants. Threads at the edges read past their
// matrix; what that gives is not stored.
// Sizes and strides along rows are in vec4.

struct Sizes {
  m: u32, n4: u32, k4: u32,
  result_stride: u32,
  // Tiles side by side, tiles of one matrix, and of all.
  tiles_n: u32, tiles: u32, all: u32,
  // Matrices of the inner batch axis; how far apart matrices are along the outer and the inner one.
  inner: u32, result_outer: u32, result_inner: u32,
  // The same in texels: to the right and down.
  a_outer: vec2<u32>, a_inner: vec2<u32>, b_outer: vec2<u32>, b_inner: vec2<u32>,
}

@group(0) @binding(0) var a: texture_2d<f32>;
@group(0) @binding(1) var b: texture_2d<f32>;
@group(0) @binding(2) var<storage, read> bias: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> result: array<vec4<f32>>;
@group(0) @binding(4) var<uniform> sizes: Sizes;

override LANES: u32 = 64u;
// Whether a is stored [k, m], b is stored [n, k], and whether there is a bias.
override A_TRANSPOSED: bool = false;
override B_TRANSPOSED: bool = false;
override BIASED: bool = false;

// Columns: four rows of a.
fn block_of_a(at: vec2<u32>) -> mat4x4<f32> {
  let block = mat4x4<f32>(
    textureLoad(a, at, 0), textureLoad(a, at + vec2<u32>(0u, 1u), 0),
    textureLoad(a, at + vec2<u32>(0u, 2u), 0), textureLoad(a, at + vec2<u32>(0u, 3u), 0));
  if (A_TRANSPOSED) { return transpose(block); }
  return block;
}

// Columns: four rows of b.
fn block_of_b(at: vec2<u32>) -> mat4x4<f32> {
  let block = mat4x4<f32>(
    textureLoad(b, at, 0), textureLoad(b, at + vec2<u32>(0u, 1u), 0),
    textureLoad(b, at + vec2<u32>(0u, 2u), 0), textureLoad(b, at + vec2<u32>(0u, 3u), 0));
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
  let row = tile / sizes.tiles_n * 16u;
  let column = tile % sizes.tiles_n * 4u;
  // From one block to the next along m or n, and along k.
  let right = vec2<u32>(1u, 0u);
  let down = vec2<u32>(0u, 4u);
  let a_next = select(down, right, A_TRANSPOSED);
  let b_next = select(right, down, B_TRANSPOSED);
  let a_step = select(right, down, A_TRANSPOSED);
  let b_step = select(down, right, B_TRANSPOSED);
  var a_at = outer * sizes.a_outer + inner * sizes.a_inner + row / 4u * a_next;
  var b_at = outer * sizes.b_outer + inner * sizes.b_inner + column * b_next;
  var c00 = mat4x4<f32>();
  var c01 = mat4x4<f32>();
  var c02 = mat4x4<f32>();
  var c03 = mat4x4<f32>();
  var c10 = mat4x4<f32>();
  var c11 = mat4x4<f32>();
  var c12 = mat4x4<f32>();
  var c13 = mat4x4<f32>();
  var c20 = mat4x4<f32>();
  var c21 = mat4x4<f32>();
  var c22 = mat4x4<f32>();
  var c23 = mat4x4<f32>();
  var c30 = mat4x4<f32>();
  var c31 = mat4x4<f32>();
  var c32 = mat4x4<f32>();
  var c33 = mat4x4<f32>();
  for (var k = 0u; k < sizes.k4; k++) {
    let a0 = block_of_a(a_at);
    let a1 = block_of_a(a_at + a_next);
    let a2 = block_of_a(a_at + 2u * a_next);
    let a3 = block_of_a(a_at + 3u * a_next);
    let b0 = block_of_b(b_at);
    let b1 = block_of_b(b_at + b_next);
    let b2 = block_of_b(b_at + 2u * b_next);
    let b3 = block_of_b(b_at + 3u * b_next);
    c00 = added(c00, a0, b0);
    c01 = added(c01, a0, b1);
    c02 = added(c02, a0, b2);
    c03 = added(c03, a0, b3);
    c10 = added(c10, a1, b0);
    c11 = added(c11, a1, b1);
    c12 = added(c12, a1, b2);
    c13 = added(c13, a1, b3);
    c20 = added(c20, a2, b0);
    c21 = added(c21, a2, b1);
    c22 = added(c22, a2, b2);
    c23 = added(c23, a2, b3);
    c30 = added(c30, a3, b0);
    c31 = added(c31, a3, b1);
    c32 = added(c32, a3, b2);
    c33 = added(c33, a3, b3);
    a_at += a_step;
    b_at += b_step;
  }
  let at = outer * sizes.result_outer + inner * sizes.result_inner;
  store(row, column, at, c00);
  store(row, column + 1u, at, c01);
  store(row, column + 2u, at, c02);
  store(row, column + 3u, at, c03);
  store(row + 4u, column, at, c10);
  store(row + 4u, column + 1u, at, c11);
  store(row + 4u, column + 2u, at, c12);
  store(row + 4u, column + 3u, at, c13);
  store(row + 8u, column, at, c20);
  store(row + 8u, column + 1u, at, c21);
  store(row + 8u, column + 2u, at, c22);
  store(row + 8u, column + 3u, at, c23);
  store(row + 12u, column, at, c30);
  store(row + 12u, column + 1u, at, c31);
  store(row + 12u, column + 2u, at, c32);
  store(row + 12u, column + 3u, at, c33);
}
