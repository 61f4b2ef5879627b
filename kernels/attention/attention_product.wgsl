// attention_product.wgsl: products of the pairs of attention_pairs.wgsl with rows of a head, for the gradients by queries, keys and values.
//
//   result(i) = factor sum over j of pairs(i, j) rows(j),   or with TRANSPOSED   result(j) = factor sum over i of pairs(i, j) rows(i).
// A thread makes eight results of eight columns, going over the others four at a time. Where rows or columns end, the last stands for
// those that would follow: as a factor it meets a zero, as a result it is written again. With ACCUMULATE the result is added to, which
// happens where a plane's queries are cut into several chunks.
// A thread reads 16 blocks of four for each 256 multiplications and additions. No barrier.

struct Sizes {
  planes: u32, heads: u32, results: u32, inputs: u32, blocks: u32, plane_of_tile: u32, first_result: u32, first_input: u32,
  result_span: u32, input_span: u32, rows: u32, columns: u32, factor: f32,
}

@group(0) @binding(0) var<storage, read> pairs: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> inputs: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> result: array<vec4<f32>>;
@group(0) @binding(3) var<uniform> sizes: Sizes;

override TRANSPOSED: bool = false;
override ACCUMULATE: bool = false;

struct Taken { a: vec4<f32>, b: vec4<f32>, c: vec4<f32>, d: vec4<f32>, e: vec4<f32>, f: vec4<f32>, g: vec4<f32>, h: vec4<f32> }

// The pairs of eight results with four inputs; `at` is the block of the first of both, `stride` the blocks of a row of pairs.
fn taken(at: u32, stride: u32) -> Taken {
  if (TRANSPOSED) {
    let left = transpose(mat4x4<f32>(pairs[at], pairs[at + stride], pairs[at + stride * 2u], pairs[at + stride * 3u]));
    let right = transpose(
      mat4x4<f32>(pairs[at + 1u], pairs[at + stride + 1u], pairs[at + stride * 2u + 1u], pairs[at + stride * 3u + 1u]));
    return Taken(left[0], left[1], left[2], left[3], right[0], right[1], right[2], right[3]);
  }
  return Taken(pairs[at], pairs[at + stride], pairs[at + stride * 2u], pairs[at + stride * 3u],
               pairs[at + stride * 4u], pairs[at + stride * 5u], pairs[at + stride * 6u], pairs[at + stride * 7u]);
}

fn write(sum: mat2x4<f32>, a: u32, b: u32) {
  if (ACCUMULATE) {
    let before = mat2x4<f32>(result[a], result[b]);
    result[a] = before[0] + sum[0] * sizes.factor;
    if (b != a) { result[b] = before[1] + sum[1] * sizes.factor; }
  } else {
    result[a] = sum[0] * sizes.factor;
    result[b] = sum[1] * sizes.factor;
  }
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  let across = (sizes.blocks + 1u) / 2u;
  let per_plane = (sizes.result_span + 7u) / 8u * across;
  let chunk_plane = index / per_plane;
  if (chunk_plane >= sizes.planes) { return; }
  let block = index % across * 2u;
  let own = index % per_plane / across * 8u;
  let own_plane = sizes.plane_of_tile + chunk_plane;
  let width = sizes.heads * sizes.blocks;
  let own_batch = own_plane / sizes.heads;
  let head = own_plane % sizes.heads * sizes.blocks + block;
  let next = min(1u, sizes.blocks - 1u - block);
  let stride = sizes.columns / 4u;
  let inputs_at = own_batch * sizes.inputs * width + head;
  let last = sizes.inputs - 1u;
  let pairs_at = chunk_plane * sizes.rows * stride + select(own * stride, own / 4u, TRANSPOSED);

  var s0 = mat2x4<f32>();
  var s1 = mat2x4<f32>();
  var s2 = mat2x4<f32>();
  var s3 = mat2x4<f32>();
  var s4 = mat2x4<f32>();
  var s5 = mat2x4<f32>();
  var s6 = mat2x4<f32>();
  var s7 = mat2x4<f32>();
  for (var j = 0u; j < sizes.input_span; j += 4u) {
    let p = taken(pairs_at + select(j / 4u, j * stride, TRANSPOSED), stride);
    let at = min(vec4<u32>(sizes.first_input + j) + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(last)) * width + inputs_at;
    let m = mat4x4<f32>(inputs[at.x], inputs[at.y], inputs[at.z], inputs[at.w]);
    let n = mat4x4<f32>(inputs[at.x + next], inputs[at.y + next], inputs[at.z + next], inputs[at.w + next]);
    s0 += mat2x4<f32>(m * p.a, n * p.a);
    s1 += mat2x4<f32>(m * p.b, n * p.b);
    s2 += mat2x4<f32>(m * p.c, n * p.c);
    s3 += mat2x4<f32>(m * p.d, n * p.d);
    s4 += mat2x4<f32>(m * p.e, n * p.e);
    s5 += mat2x4<f32>(m * p.f, n * p.f);
    s6 += mat2x4<f32>(m * p.g, n * p.g);
    s7 += mat2x4<f32>(m * p.h, n * p.h);
  }

  let results_at = own_batch * sizes.results * width + head;
  let left = sizes.results - min(sizes.results, sizes.first_result + own);
  if (left > 0u) { let to = results_at + (sizes.first_result + own) * width; write(s0, to, to + next); }
  if (left > 1u) { let to = results_at + (sizes.first_result + own + 1u) * width; write(s1, to, to + next); }
  if (left > 2u) { let to = results_at + (sizes.first_result + own + 2u) * width; write(s2, to, to + next); }
  if (left > 3u) { let to = results_at + (sizes.first_result + own + 3u) * width; write(s3, to, to + next); }
  if (left > 4u) { let to = results_at + (sizes.first_result + own + 4u) * width; write(s4, to, to + next); }
  if (left > 5u) { let to = results_at + (sizes.first_result + own + 5u) * width; write(s5, to, to + next); }
  if (left > 6u) { let to = results_at + (sizes.first_result + own + 6u) * width; write(s6, to, to + next); }
  if (left > 7u) { let to = results_at + (sizes.first_result + own + 7u) * width; write(s7, to, to + next); }
}
