/** A row's mean and 1 / sqrt(variance + epsilon). */
interface Moments {
  readonly mean: number;
  readonly inverse: number;
}

/** What comes back to a norm's row, scale and shift from one row. */
export interface NormGradient {
  readonly gradient: number[];
  /** What the row adds to the scale's gradient. */
  readonly scale: number[];
  /** And to the shift's. */
  readonly shift: number[];
}

/** The oracle, in float64: layer norm of one row, with the variance as the mean of squared differences. */
export function layerNormReference(
  values: ArrayLike<number>,
  scale: ArrayLike<number>,
  shift: ArrayLike<number>,
  epsilon: number,
): number[] {
  const { mean, inverse } = layerMoments(values, epsilon);
  return Array.from(values, (x, column) => (x - mean) * inverse * scale[column]! + shift[column]!);
}

/** The oracle, in float64: RMS norm of one row. */
export function rmsNormReference(values: ArrayLike<number>, scale: ArrayLike<number>, epsilon: number): number[] {
  const { inverse } = rmsMoments(values, epsilon);
  return Array.from(values, (x, column) => x * inverse * scale[column]!);
}

/** The oracle of the gradient of one row of layer norm: inverse (g s - mean(g s) - y mean(g s y)); g y; g. */
export function layerNormGradientReference(
  values: ArrayLike<number>,
  scale: ArrayLike<number>,
  epsilon: number,
  upstream: ArrayLike<number>,
): NormGradient {
  const { mean, inverse } = layerMoments(values, epsilon);
  const y = Array.from(values, (x) => (x - mean) * inverse);
  const weighted = Array.from(upstream, (g, column) => g * scale[column]!);
  const plain = meanOf(weighted);
  const along = meanOf(weighted.map((g, column) => g * y[column]!));
  return {
    gradient: weighted.map((g, column) => inverse * (g - plain - y[column]! * along)),
    scale: Array.from(upstream, (g, column) => g * y[column]!),
    shift: Array.from(upstream),
  };
}

/** The oracle of the gradient of one row of RMS norm: inverse (g s - y mean(g s y)); g y; it has no shift. */
export function rmsNormGradientReference(
  values: ArrayLike<number>,
  scale: ArrayLike<number>,
  epsilon: number,
  upstream: ArrayLike<number>,
): Omit<NormGradient, "shift"> {
  const { inverse } = rmsMoments(values, epsilon);
  const y = Array.from(values, (x) => x * inverse);
  const weighted = Array.from(upstream, (g, column) => g * scale[column]!);
  const along = meanOf(weighted.map((g, column) => g * y[column]!));
  return {
    gradient: weighted.map((g, column) => inverse * (g - y[column]! * along)),
    scale: Array.from(upstream, (g, column) => g * y[column]!),
  };
}

function layerMoments(values: ArrayLike<number>, epsilon: number): Moments {
  const row = Array.from(values);
  const mean = meanOf(row);
  return { mean, inverse: 1 / Math.sqrt(meanOf(row.map((x) => (x - mean) ** 2)) + epsilon) };
}

function rmsMoments(values: ArrayLike<number>, epsilon: number): Moments {
  return { mean: 0, inverse: 1 / Math.sqrt(meanOf(Array.from(values, (x) => x * x)) + epsilon) };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
