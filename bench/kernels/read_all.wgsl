// read_all.wgsl: reads all of a buffer once and does next to nothing with it: what reading alone takes on an adapter.
//
// Each thread xors blocks of four vec4, neighbours read neighbouring blocks, as the widest kernels do; one word a thread is
// written, or the compiler would leave out the reads. A last piece of less than 64 bytes is not read. No barrier.

struct Sizes { blocks: u32, threads: u32 }

@group(0) @binding(0) var<storage, read> words: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read_write> sums: array<u32>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let thread = (group.y * groups.x + group.x) * 64u + lane;
  if (thread >= sizes.threads) { return; }
  var sum = vec4<u32>(0u);
  for (var block = thread; block < sizes.blocks; block += sizes.threads) {
    let at = block * 4u;
    sum ^= (words[at] ^ words[at + 1u]) ^ (words[at + 2u] ^ words[at + 3u]);
  }
  sums[thread] = (sum.x ^ sum.y) ^ (sum.z ^ sum.w);
}
