import { engine, type Tensor } from "@tensorflow/tfjs-core";

/** An operation that was recorded, as the core keeps it. */
export interface TapeNode {
  readonly kernelName: string;
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly outputs: readonly Tensor[];
  /** What the operation keeps for its gradient. */
  readonly saved: readonly Tensor[];
  /** The gradient by each input, from those by the outputs; null where nothing depends on an output. */
  readonly gradient?: (upstream: readonly (Tensor | null)[]) => Readonly<Record<string, () => Tensor>>;
}

/** The private parts of the core's engine that we use, at the version that is pinned. */
interface Internals {
  readonly state: { activeTape: TapeNode[] | null; readonly gradientDepth: number };
  startTape(): void;
  endTape(): void;
  tidy<T>(name: string, run: () => T): T;
}

/** Runs a computation, and gives what it recorded; whoever takes that disposes of what its operations keep. */
export function recorded(run: () => Tensor): { value: Tensor; tape: readonly TapeNode[] } {
  const core = engine() as unknown as Internals;
  core.startTape();
  let value: Tensor;
  try {
    value = core.tidy("forward", run);
  } finally {
    core.endTape();
  }
  const tape = core.state.activeTape ?? [];
  if (core.state.gradientDepth === 0) core.state.activeTape = null;
  return { value, tape };
}

/** The operations that lead from any of the inputs to the value. */
export function connected(tape: readonly TapeNode[], inputs: readonly Tensor[], value: Tensor): ReadonlySet<TapeNode> {
  const fromInputs = dependent(tape, inputs);
  const toValue = new Set([value.id]);
  const nodes = new Set<TapeNode>();
  for (const node of tape.toReversed()) {
    if (!node.outputs.some(({ id }) => toValue.has(id))) continue;
    const own = Object.values(node.inputs);
    for (const { id } of own) toValue.add(id);
    if (own.some(({ id }) => fromInputs.has(id))) nodes.add(node);
  }
  return nodes;
}

/** The ids of these tensors, and of all that were made from them. */
export function dependent(tape: readonly TapeNode[], inputs: readonly Tensor[]): ReadonlySet<number> {
  const ids = new Set(inputs.map(({ id }) => id));
  for (const { inputs, outputs } of tape) {
    if (Object.values(inputs).some(({ id }) => ids.has(id))) { for (const { id } of outputs) ids.add(id); }
  }
  return ids;
}
