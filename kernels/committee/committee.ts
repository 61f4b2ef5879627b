import {
  type Dispatch,
  groupsFor,
  type Kernel,
  KernelError,
  type KernelLimits,
  requireBindable,
  requireSize,
  u32,
} from "../../src/gpu/kernel.ts";
import consensusCode from "./committee_consensus.wgsl" with { type: "text" };
import divergenceCode from "./committee_divergence.wgsl" with { type: "text" };
import membersCode from "./committee_members.wgsl" with { type: "text" };
import mergeCode from "./committee_merge.wgsl" with { type: "text" };
import narrowCode from "./committee_narrow.wgsl" with { type: "text" };
import { type MemberTile, memberTiles } from "./member_tiles.ts";

export interface CommitteeShape {
  readonly members: number;
  readonly rows: number;
  readonly classes: number;
}

/** The order of the five scores of a row in the output. */
export const COMMITTEE_COLUMNS = ["mean_kl", "max_kl", "vote_entropy", "consensus_entropy", "mean_entropy"] as const;

const narrow = { label: "committee_narrow", code: narrowCode };
const members = { label: "committee_members", code: membersCode };
const consensus = { label: "committee_consensus", code: consensusCode };
const divergence = { label: "committee_divergence", code: divergenceCode };
const merge = { label: "committee_merge", code: mergeCode };

/** Up to here a thread takes a whole row; its private arrays have this length. */
const NARROW_CLASSES = 64;
const STATE_BYTES = 16;
const SCORES_BYTES = 4 * COMMITTEE_COLUMNS.length;

/**
 * How far the members of a committee differ on each row: separately trained models, or passes of one model with dropout.
 *
 * Input `logits` [members, rows, classes] float32. Output `stats` [rows, 5] float32, see {@link COMMITTEE_COLUMNS}, in nats. With
 * P_c the softmax of member c and Q the mean of P_c: mean and largest KL(P_c, Q), entropy of the votes for the most probable
 * class (ties to the lower), entropy of Q, mean entropy of P_c. The mean KL is BALD. One member does not differ from itself.
 * A row in which a logit is NaN or infinite is marked; {@link requireFiniteCommittee} names it when the result is read.
 *
 * Variants: a thread a row to 64 classes; four passes above, a workgroup a row and member. An input over the binding limit is
 * gathered, tile by tile, since a tile's rows lie apart in it.
 *
 * @throws KernelError where one row of all members is over the binding limit
 * @see McCallum & Nigam, Employing EM and pool-based active learning for text classification, 1998
 * @see Houlsby et al., Bayesian active learning for classification and preference learning, 2011
 */
export const committee: Kernel<CommitteeShape> = {
  name: "committee",

  plan(shape, limits) {
    requireSize("committee", "members", shape.members);
    requireSize("committee", "rows", shape.rows);
    requireSize("committee", "classes", shape.classes);
    const { rows, classes } = shape;
    requireBindable("committee", "stats", rows * SCORES_BYTES, limits);
    const { tiles, scratch } = memberTiles("committee", "logits", shape.members, rows, classes, limits);
    const isNarrow = classes <= NARROW_CLASSES;
    const most = Math.max(...tiles.map((tile) => tile.rows));
    return {
      kernel: "committee",
      inputs: [{ name: "logits", bytes: shape.members * rows * classes * 4 }],
      outputs: [{ name: "stats", bytes: rows * SCORES_BYTES }],
      scratch: isNarrow ? scratch : [
        ...scratch,
        { name: "states", bytes: shape.members * most * STATE_BYTES },
        { name: "log_consensus", bytes: most * classes * 4 },
        { name: "divergences", bytes: shape.members * most * 4 },
      ],
      dispatches: tiles.flatMap((tile) => [
        ...tile.gathers,
        ...(isNarrow ? narrowTile : wideTile)(shape, tile, limits),
      ]),
    };
  },
};

function narrowTile(shape: CommitteeShape, { rows, first, source }: MemberTile, limits: KernelLimits): Dispatch[] {
  return [{
    shader: narrow,
    constants: { CLASSES: shape.classes },
    bindings: [source, { buffer: "stats" }],
    uniforms: [u32(shape.members), u32(rows), u32(first)],
    groups: groupsFor("committee", rows, 64, limits),
  }];
}

function wideTile(shape: CommitteeShape, { rows, first, source }: MemberTile, limits: KernelLimits): Dispatch[] {
  const memberRows = shape.members * rows;
  const sizes = [u32(shape.members), u32(rows), u32(shape.classes)];
  const [states, logConsensus, divergences] = ["states", "log_consensus", "divergences"]
    .map((buffer) => ({ buffer })) as [{ buffer: string }, { buffer: string }, { buffer: string }];
  return [
    {
      shader: members,
      bindings: [source, states],
      uniforms: [u32(memberRows), u32(shape.classes)],
      groups: groupsFor("committee", memberRows, 1, limits),
    },
    {
      shader: consensus,
      bindings: [source, states, logConsensus],
      uniforms: sizes,
      groups: groupsFor("committee", rows * shape.classes, 64, limits),
    },
    {
      shader: divergence,
      bindings: [source, states, logConsensus, divergences],
      uniforms: sizes,
      groups: groupsFor("committee", memberRows, 1, limits),
    },
    {
      shader: merge,
      bindings: [states, divergences, { buffer: "stats" }],
      uniforms: [u32(shape.members), u32(rows), u32(first)],
      groups: groupsFor("committee", rows, 64, limits),
    },
  ];
}

/**
 * Checks scores that were read back.
 *
 * @throws KernelError naming the first row, and in it the first member, whose logits held a NaN or an infinity
 */
export function requireFiniteCommittee(
  stats: Float32Array,
  nameOf: (row: number) => string = (row) => `row ${row}`,
): void {
  const columns = COMMITTEE_COLUMNS.length;
  for (let row = 0; row * columns < stats.length; row++) {
    const score = stats[row * columns]!;
    if (score < 0) {
      throw new KernelError(
        "committee",
        `the logits of member ${-1 - score} for ${nameOf(row)} hold a NaN or an infinity`,
      );
    }
  }
}
