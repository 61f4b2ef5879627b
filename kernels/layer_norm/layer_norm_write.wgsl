// layer_norm_write.wgsl: last pass of layer norm and of RMS norm: ((x - high) - low) inverse scale + shift.
//
// A thread takes four quads of columns, a quarter of the row apart, so that neighbours read neighbouring addresses, and some rows of
// them: scale and shift are read once for all. RMS norm, where SHIFTED is false, has no shift.
// For rows of a multiple of 4 columns. Reads rows*columns floats, writes as many. No barrier.

struct Sizes { rows: u32, quads: u32, blocks: u32, first: u32, thread_rows: u32 }

@group(0) @binding(0) var<storage, read> values: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> moments: array<f32>;
@group(0) @binding(2) var<storage, read> scale: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> shift: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> result: array<vec4<f32>>;
@group(0) @binding(5) var<uniform> sizes: Sizes;

override SHIFTED: bool = true;

fn shift_of(quad: u32) -> vec4<f32> {
  if (SHIFTED) { return shift[quad]; }
  return vec4<f32>(0.0);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  let first_row = index / sizes.blocks * sizes.thread_rows;
  if (first_row >= sizes.rows) { return; }
  let last = sizes.quads - 1u;
  let q0 = index % sizes.blocks;
  let q1 = q0 + sizes.blocks;
  let q2 = q1 + sizes.blocks;
  let q3 = q2 + sizes.blocks;
  // A quad past the end is read as the last one, and not written.
  let r1 = min(q1, last);
  let r2 = min(q2, last);
  let r3 = min(q3, last);
  let scale0 = scale[q0];
  let scale1 = scale[r1];
  let scale2 = scale[r2];
  let scale3 = scale[r3];
  let shift0 = shift_of(q0);
  let shift1 = shift_of(r1);
  let shift2 = shift_of(r2);
  let shift3 = shift_of(r3);
  let end = min(first_row + sizes.thread_rows, sizes.rows);
  for (var row = first_row; row < end; row++) {
    let base = (sizes.first + row) * 3u;
    let high = moments[base];
    let low = moments[base + 1u];
    let inverse = moments[base + 2u];
    let start = row * sizes.quads;
    let x0 = values[start + q0];
    let x1 = values[start + r1];
    let x2 = values[start + r2];
    let x3 = values[start + r3];
    result[start + q0] = ((x0 - high) - low) * inverse * scale0 + shift0;
    if (q1 <= last) { result[start + q1] = ((x1 - high) - low) * inverse * scale1 + shift1; }
    if (q2 <= last) { result[start + q2] = ((x2 - high) - low) * inverse * scale2 + shift2; }
    if (q3 <= last) { result[start + q3] = ((x3 - high) - low) * inverse * scale3 + shift3; }
  }
}
