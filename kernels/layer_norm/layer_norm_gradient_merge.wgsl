// layer_norm_gradient_merge.wgsl: adds the sums of each row's parts and divides by the columns, one thread a row, in order.

struct Sizes { rows: u32, columns: u32, parts: u32 }

@group(0) @binding(0) var<storage, read> sums: array<f32>;
@group(0) @binding(1) var<storage, read_write> means: array<f32>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  if (index >= sizes.rows) { return; }
  var plain = 0.0;
  var weighted = 0.0;
  for (var part = 0u; part < sizes.parts; part++) {
    let at = (index * sizes.parts + part) * 2u;
    plain += sums[at];
    weighted += sums[at + 1u];
  }
  means[index * 2u] = plain / f32(sizes.columns);
  means[index * 2u + 1u] = weighted / f32(sizes.columns);
}
