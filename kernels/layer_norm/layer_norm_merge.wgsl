// layer_norm_merge.wgsl: merges the parts of each row into its moments (high, low, inverse), one thread a row, in order.
//
// With d the difference of two means: M2 <- M2a + M2b + d^2 na nb / (na + nb) (Chan et al. 1983). inverse = 1 / sqrt(M2 / columns +
// epsilon). Means are taken less the first part's; how they are kept in two numbers is told in layer_norm_fold.wgsl.

struct Sizes { rows: u32, quads: u32, parts: u32, first: u32, epsilon: f32 }

@group(0) @binding(0) var<storage, read> states: array<f32>;
@group(0) @binding(1) var<storage, read_write> moments: array<f32>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  if (index >= sizes.rows) { return; }
  let base = index * sizes.parts * 3u;
  let origin = states[base];
  var mean = states[base + 1u];
  var m2 = states[base + 2u];
  var count = f32((sizes.quads + sizes.parts - 1u) / sizes.parts);
  for (var part = 1u; part < sizes.parts; part++) {
    let at = base + part * 3u;
    let quads = f32((sizes.quads - part + sizes.parts - 1u) / sizes.parts);
    let delta = (states[at] - origin) + states[at + 1u] - mean;
    let share = quads / (count + quads);
    mean += delta * share;
    m2 += states[at + 2u] + 4.0 * delta * delta * (count * share);
    count += quads;
  }
  let high = bitcast<f32>(bitcast<u32>(origin + mean) & 0xfffff000u);
  let to = (sizes.first + index) * 3u;
  moments[to] = high;
  moments[to + 1u] = mean - (high - origin);
  moments[to + 2u] = inverseSqrt(m2 / f32(sizes.quads * 4u) + sizes.epsilon);
}
