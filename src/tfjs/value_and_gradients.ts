import { add, onesLike, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { connected, dependent, recorded, type TapeNode } from "./tape.ts";

/**
 * A scalar loss and its gradients with respect to parameters that `loss` uses. The caller disposes of both.
 *
 * The core's own function holds all that the forward pass kept, and the gradient by every value in between, until the end. Here each
 * is let go where the last operation that needs it is done, so that a backward pass takes hardly more memory than the forward pass left.
 * Operations and sums are the same, in the same order.
 *
 * @throws Error where the loss does not depend on one of them
 */
export function valueAndGradients(
  loss: () => Tensor,
  parameters: readonly Tensor[],
): { value: Tensor; gradients: Tensor[] } {
  const { value, tape } = recorded(loss);
  try {
    return tidy(() => ({ value, gradients: backward(tape, parameters, value) }));
  } catch (thrown) {
    value.dispose();
    throw thrown;
  } finally {
    tape.forEach(letGo);
  }
}

function backward(tape: readonly TapeNode[], parameters: readonly Tensor[], value: Tensor): Tensor[] {
  const wanted = dependent(tape, parameters);
  const nodes = connected(tape, parameters, value);
  const gradients = new Gradients(parameters);
  gradients.add(value, onesLike(value));
  for (const node of tape.toReversed()) {
    if (!nodes.has(node)) {
      letGo(node);
      continue;
    }
    if (!node.gradient) throw new Error(`${node.kernelName} has no gradient`);
    const byInput = node.gradient(node.outputs.map((output) => gradients.get(output) ?? null));
    for (const [name, input] of Object.entries(node.inputs)) {
      const gradientOf = byInput[name];
      if (!wanted.has(input.id)) continue;
      if (!gradientOf) throw new Error(`${node.kernelName} has no gradient by its input ${name}`);
      gradients.add(input, tidy(gradientOf));
    }
    node.outputs.forEach((output) => gradients.remove(output));
    letGo(node);
  }
  return parameters.map((parameter, index) => {
    const gradient = gradients.get(parameter);
    if (!gradient) throw new Error(`the loss does not depend on parameter ${index}`);
    return gradient;
  });
}

function letGo({ saved }: TapeNode): void {
  for (const tensor of saved) tensor.dispose();
}

/** The gradients by values, as far as they are known and still needed. One tensor may be that of several values. */
class Gradients {
  readonly #byId = new Map<number, Tensor>();
  readonly #lasting: ReadonlySet<number>;

  /** @param lasting whose gradients are the result */
  constructor(lasting: readonly Tensor[]) {
    this.#lasting = new Set(lasting.map(({ id }) => id));
  }

  get({ id }: Tensor): Tensor | undefined {
    return this.#byId.get(id);
  }

  add({ id }: Tensor, gradient: Tensor): void {
    const before = this.#byId.get(id);
    this.#byId.set(id, before ? add(before, gradient) : gradient);
    if (!before) return;
    this.#letGo(before);
    this.#letGo(gradient);
  }

  remove({ id }: Tensor): void {
    const gradient = this.#byId.get(id);
    if (!gradient || this.#lasting.has(id)) return;
    this.#byId.delete(id);
    this.#letGo(gradient);
  }

  /** Unless it is the gradient of another value as well, or what an operation keeps. */
  #letGo(gradient: Tensor): void {
    if (!gradient.kept && ![...this.#byId.values()].includes(gradient)) gradient.dispose();
  }
}
