// cross_entropy_gradient.wgsl: the gradient of cross-entropy from logits and the states of rows, a block of 16 classes a thread.
//
//   gradient = k (mass p - q),  p = e^((x - m) - log s),  k = upstream / divisor, or 0 where the divisor is 0
//
// q, a class's target times its weight, is as in cross_entropy_fold.wgsl, and confidence w more at a target that is a class; mass is
// the sum of q over the row. No probability is stored. The blocks of all rows are counted through, so that rows of any width fill
// workgroups. A row with a negative target gets zeros, its logits are not read; a row that is NaN in its states gets NaN.
// Reads rows*classes floats (twice as many for soft targets), writes as many. No barrier.

struct Sizes { rows: u32, classes: u32, row_blocks: u32, first_row: u32, share: f32, confidence: f32 }

@group(0) @binding(0) var<storage, read> logits: array<u32>;
// Class numbers, signed, of all rows; with SOFT float32 [rows, classes], of these rows.
@group(0) @binding(1) var<storage, read> targets: array<u32>;
// Not read without WEIGHTED.
@group(0) @binding(2) var<storage, read> class_weights: array<f32>;
@group(0) @binding(3) var<storage, read> row_states: array<vec4<u32>>;
@group(0) @binding(4) var<storage, read> divisor: array<f32>;
@group(0) @binding(5) var<storage, read> upstream: array<f32>;
@group(0) @binding(6) var<storage, read_write> gradient: array<u32>;
@group(0) @binding(7) var<uniform> sizes: Sizes;

override SOFT: bool = false;
override WEIGHTED: bool = false;
override SPREAD: bool = false;

const LOWEST = -3.402823e38;
const NAN_BITS = 0x7fc00000u;
const BLOCK = 16u;

struct Row { m: f32, log_s: f32, pull: f32, push: f32, sound: bool }

fn mass_at(start: u32, column: u32) -> f32 {
  var mass = sizes.share;
  if (SOFT) { mass += sizes.confidence * bitcast<f32>(targets[start + column]); }
  if (WEIGHTED) { mass *= class_weights[column]; }
  return mass;
}

fn value_of(bits: u32, mass: f32, row: Row) -> u32 {
  let x = max(bitcast<f32>(bits), LOWEST);
  let value = row.push * exp((x - row.m) - row.log_s) - row.pull * mass;
  return select(NAN_BITS, bitcast<u32>(value), row.sound);
}

fn write_four(start: u32, column: u32, row: Row) {
  let at = start + column;
  let bits = vec4<u32>(logits[at], logits[at + 1u], logits[at + 2u], logits[at + 3u]);
  var values = row.push * exp((max(bitcast<vec4<f32>>(bits), vec4<f32>(LOWEST)) - row.m) - row.log_s);
  if (SPREAD) {
    values -= row.pull * vec4<f32>(
      mass_at(start, column),
      mass_at(start, column + 1u),
      mass_at(start, column + 2u),
      mass_at(start, column + 3u),
    );
  }
  let written = select(vec4<u32>(NAN_BITS), bitcast<vec4<u32>>(values), row.sound);
  gradient[at] = written.x;
  gradient[at + 1u] = written.y;
  gradient[at + 2u] = written.z;
  gradient[at + 3u] = written.w;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * 64u + lane;
  let row_index = index / sizes.row_blocks;
  if (row_index >= sizes.rows) { return; }
  let start = row_index * sizes.classes;
  let first = index % sizes.row_blocks * BLOCK;
  let end = min(first + BLOCK, sizes.classes);
  var given = 0;
  if (!SOFT) {
    given = bitcast<i32>(targets[sizes.first_row + row_index]);
    if (given < 0) {
      for (var column = first; column < end; column++) { gradient[start + column] = 0u; }
      return;
    }
  }
  let state = row_states[sizes.first_row + row_index];
  var scale = 0.0;
  if (divisor[0] != 0.0) { scale = upstream[0] / divisor[0]; }
  var row: Row;
  row.m = bitcast<f32>(state.x);
  row.log_s = bitcast<f32>(state.y);
  row.push = scale * bitcast<f32>(state.z);
  row.pull = scale;
  row.sound = (state.x & 0x7fffffffu) <= 0x7f800000u;
  if (end == first + BLOCK) {
    // Written out, not as a loop: a step of a loop costs more than several columns do.
    write_four(start, first, row);
    write_four(start, first + 4u, row);
    write_four(start, first + 8u, row);
    write_four(start, first + 12u, row);
  } else {
    for (var column = first; column < end; column++) {
      var mass = 0.0;
      if (SPREAD) { mass = mass_at(start, column); }
      gradient[start + column] = value_of(logits[start + column], mass, row);
    }
  }
  if (!SOFT) {
    let column = u32(given);
    if (column >= first && column < end) {
      var weight = 1.0;
      if (WEIGHTED) { weight = class_weights[column]; }
      var mass = sizes.confidence * weight;
      if (SPREAD) { mass += mass_at(start, column); }
      gradient[start + column] = value_of(logits[start + column], mass, row);
    }
  }
}
