// matmul_tiled.wgsl: matrix product for a GPU: a workgroup of 256 threads makes 64 by 64 elements of the result, through tiles in
// shared memory.
//
// Per 16 steps of k each thread brings one vec4 of either factor into shared memory, laid out [k][row] and [k][column] whichever way
// the factor is stored; after the barrier it reads a vec4 of each a step and does 16 multiply-adds. So an element is read from memory
// once for every 64 results that need it. 8 KiB of shared memory. Two barriers a tile, in uniform control flow: threads outside
// the matrix work along, on zeros.
// Numerics as in matmul_blocks.wgsl: one chain of fused multiply-adds over ascending k an element. Steps past k add a product of zeros.
// Sizes and strides of what is read as vec4 are in vec4.

struct Sizes {
  m: u32, n4: u32, k: u32,
  a_stride: u32, b_stride: u32, result_stride: u32,
  // Tiles side by side and tiles of one matrix, of which there are `all` in all.
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

// Whether a is stored [k, m], b is stored [n, k], and whether there is a bias.
override A_TRANSPOSED: bool = false;
override B_TRANSPOSED: bool = false;
override BIASED: bool = false;

const DEPTH = 16u;

// [k][16 vec4 of rows or columns].
var<workgroup> a_tile: array<array<vec4<f32>, 16>, DEPTH>;
var<workgroup> b_tile: array<array<vec4<f32>, 16>, DEPTH>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = min(group.y * groups.x + group.x, sizes.all - 1u);
  let matrix = index / sizes.tiles;
  let outer = matrix / sizes.inner;
  let inner = matrix % sizes.inner;
  let tile = index % sizes.tiles;
  let first_row = tile / sizes.tiles_n * 64u;
  let first_column = tile % sizes.tiles_n * 16u;
  let a_from = outer * sizes.a_outer + inner * sizes.a_inner;
  let b_from = outer * sizes.b_outer + inner * sizes.b_inner;
  // The thread's own 4 rows and one vec4 of columns.
  let own_rows = lane / 16u;
  let own_column = lane % 16u;
  var c0 = vec4<f32>();
  var c1 = vec4<f32>();
  var c2 = vec4<f32>();
  var c3 = vec4<f32>();
  for (var start = 0u; start < sizes.k; start += DEPTH) {
    if (A_TRANSPOSED) {
      // Neighbouring threads read neighbouring vec4 of one step's rows.
      let k = start + lane / 16u;
      let rows = first_row / 4u + lane % 16u;
      var value = vec4<f32>();
      if (k < sizes.k && rows * 4u < sizes.m) { value = a[a_from + k * sizes.a_stride + rows]; }
      a_tile[lane / 16u][lane % 16u] = value;
    } else {
      // Neighbouring threads read neighbouring vec4 of one row's steps.
      let k4 = lane % 4u;
      let row = lane / 4u;
      var value = vec4<f32>();
      if (start + k4 * 4u < sizes.k && first_row + row < sizes.m) {
        value = a[a_from + (first_row + row) * sizes.a_stride + start / 4u + k4];
      }
      for (var step = 0u; step < 4u; step++) { a_tile[k4 * 4u + step][row / 4u][row % 4u] = value[step]; }
    }
    if (B_TRANSPOSED) {
      let k4 = lane % 4u;
      let column = lane / 4u;
      var value = vec4<f32>();
      if (start + k4 * 4u < sizes.k && first_column * 4u + column < sizes.n4 * 4u) {
        value = b[b_from + (first_column * 4u + column) * sizes.b_stride + start / 4u + k4];
      }
      for (var step = 0u; step < 4u; step++) { b_tile[k4 * 4u + step][column / 4u][column % 4u] = value[step]; }
    } else {
      let k = start + lane / 16u;
      let column = first_column + lane % 16u;
      var value = vec4<f32>();
      if (k < sizes.k && column < sizes.n4) { value = b[b_from + k * sizes.b_stride + column]; }
      b_tile[lane / 16u][lane % 16u] = value;
    }
    workgroupBarrier();
    for (var step = 0u; step < DEPTH; step++) {
      let x = a_tile[step][own_rows];
      let y = b_tile[step][own_column];
      c0 = fma(x.xxxx, y, c0);
      c1 = fma(x.yyyy, y, c1);
      c2 = fma(x.zzzz, y, c2);
      c3 = fma(x.wwww, y, c3);
    }
    workgroupBarrier();
  }
  if (group.y * groups.x + group.x >= sizes.all) { return; }
  let column = first_column + own_column;
  if (column >= sizes.n4) { return; }
  var shift = vec4<f32>();
  if (BIASED) { shift = bias[column]; }
  let row = first_row + own_rows * 4u;
  let stride = sizes.result_stride;
  let place = outer * sizes.result_outer + inner * sizes.result_inner + row * stride + column;
  if (row < sizes.m) { result[place] = c0 + shift; }
  if (row + 1u < sizes.m) { result[place + stride] = c1 + shift; }
  if (row + 2u < sizes.m) { result[place + 2u * stride] = c2 + shift; }
  if (row + 3u < sizes.m) { result[place + 3u * stride] = c3 + shift; }
}
