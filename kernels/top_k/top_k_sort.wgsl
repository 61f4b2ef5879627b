// top_k_sort.wgsl: large k; one step of a bitonic sort of each row's winners, one thread a comparison.
//
// Sorted runs of `run` / 2 pairs become runs of `run`, in steps whose `stride` halves; every other run is sorted backwards. The
// places are a power of two; those that are not used hold a pair that comes after all others. No barrier: each step is a
// dispatch.

struct Sizes { comparisons: u32, run: u32, stride: u32, places: u32 }

@group(0) @binding(0) var<storage, read_write> winners: array<vec2<u32>>;
@group(0) @binding(1) var<uniform> sizes: Sizes;

fn precedes(a: vec2<u32>, b: vec2<u32>) -> bool {
  return a.x > b.x || (a.x == b.x && a.y < b.y);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  if (index >= sizes.comparisons) { return; }
  // Rows follow each other, and a row is a multiple of every run.
  let low = 2u * index - (index & (sizes.stride - 1u));
  let high = low + sizes.stride;
  let backwards = (low & (sizes.places - 1u) & sizes.run) != 0u;
  let a = winners[low];
  let b = winners[high];
  if (precedes(b, a) != backwards) {
    winners[low] = b;
    winners[high] = a;
  }
}
