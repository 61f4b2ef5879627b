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

/** A learning rate over a training: it rises from 0 over `rising` steps, then falls to 0 at `steps`, both linearly. */
export interface LearningRate {
  readonly base: number;
  /** 0 where it is absent. */
  readonly rising?: number;
  /** Where it is absent the rate is `base` throughout. */
  readonly steps?: number;
}

/** The learning rate at a step counted from 0. */
export function learningRateAt({ base, rising = 0, steps }: LearningRate, step: number): number {
  if (steps === undefined) return base;
  if (step < rising) return base * (step / rising);
  return base * Math.max(0, (steps - step) / Math.max(1, steps - rising));
}

export interface AdamWState {
  readonly parameters: Float64Array;
  readonly firstMoment: Float64Array;
  readonly secondMoment: Float64Array;
}

/**
 * The oracle, in float64: one step in place. `step` counts from 1; `decays` says of each element whether decay acts on it.
 * Returns the gradient norm before clipping; where that is not finite, nothing is changed.
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
  if (!Number.isFinite(norm)) return norm;
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
