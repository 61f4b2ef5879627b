// committee_merge.wgsl: last of four passes over many classes; merges what the members say of a row, one thread a row.
//
// Means and the largest of what committee_members.wgsl and committee_divergence.wgsl wrote, in the order of the members. A member
// whose class n of the members voted for adds -log(n / members) / members to the vote entropy: together, the votes' entropy.
// The entropy of the consensus is the mean entropy plus the mean KL, an identity. An entropy below 0 marks a member whose logits
// were not finite; the row then gets -1 - (its first such member) as mean KL.

// `first` is the row of `stats` where the tile begins.
struct Sizes { members: u32, rows: u32, first: u32 }

// m, s, vote, entropy.
@group(0) @binding(0) var<storage, read> states: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read> divergences: array<f32>;
@group(0) @binding(2) var<storage, read_write> stats: array<f32>;
@group(0) @binding(3) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let row = (group.y * groups.x + group.x) * 64u + lane;
  if (row >= sizes.rows) { return; }
  let members = f32(sizes.members);
  var mean_kl = 0.0;
  var max_kl = 0.0;
  var entropy = 0.0;
  var vote_entropy = 0.0;
  var bad = 0u;
  for (var member = 0u; member < sizes.members; member++) {
    let state = states[member * sizes.rows + row];
    let own_entropy = bitcast<f32>(state.w);
    bad = select(bad, member + 1u, bad == 0u && own_entropy < -0.5);
    entropy += own_entropy;
    let kl = divergences[member * sizes.rows + row];
    mean_kl += kl;
    max_kl = max(max_kl, kl);
    var agreeing = 0u;
    for (var other = 0u; other < sizes.members; other++) {
      agreeing += select(0u, 1u, states[other * sizes.rows + row].z == state.z);
    }
    vote_entropy -= select(log(f32(agreeing) / members), 0.0, agreeing == sizes.members);
  }
  mean_kl /= members;
  entropy /= members;
  let at = (sizes.first + row) * 5u;
  stats[at] = select(mean_kl, -f32(bad), bad > 0u);
  stats[at + 1u] = max_kl;
  stats[at + 2u] = vote_entropy / members;
  stats[at + 3u] = entropy + mean_kl;
  stats[at + 4u] = entropy;
}
