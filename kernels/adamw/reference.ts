/** What stays the same over a training. */
export interface AdamWSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Decoupled weight decay. */
  readonly decay: number;
  /** The global gradient norm above which gradients are scaled down; 0: never. */
  readonly clip: number;
}

export interface AdamWState {
  readonly parameters: Float64Array;
  readonly firstMoment: Float64Array;
  readonly secondMoment: Float64Array;
}

/**
 * The oracle, in float64: one step in place. `step` counts from 1; `decays` says of each element whether decay acts on it.
 * Returns the gradient norm before clipping.
 */
export function adamwReference(
  state: AdamWState,
  gradient: ArrayLike<number>,
  decays: (index: number) => boolean,
  settings: AdamWSettings,
  lr: number,
  step: number,
): number {
  const { beta1, beta2, epsilon, decay, clip } = settings;
  const norm = Math.sqrt(Array.from(gradient).reduce((sum, g) => sum + g * g, 0));
  const coefficient = clip > 0 ? Math.min(1, clip / (norm + 1e-6)) : 1;
  const { parameters, firstMoment, secondMoment } = state;
  for (let index = 0; index < parameters.length; index++) {
    const g = gradient[index]! * coefficient;
    const m = firstMoment[index] = beta1 * firstMoment[index]! + (1 - beta1) * g;
    const v = secondMoment[index] = beta2 * secondMoment[index]! + (1 - beta2) * g * g;
    if (decays(index)) parameters[index]! *= 1 - lr * decay;
    parameters[index]! -= (lr * (m / (1 - beta1 ** step))) / (Math.sqrt(v / (1 - beta2 ** step)) + epsilon);
  }
  return norm;
}
