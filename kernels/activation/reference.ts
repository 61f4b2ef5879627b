/** "gelu" is exact, "gelu_tanh" the approximation that GPT-2 uses and calls gelu_new. */
export type ActivationKind = "gelu" | "gelu_tanh" | "relu" | "tanh";

/** All kinds, in the order of the shaders' KIND constant. */
export const activationNames: readonly ActivationKind[] = ["gelu", "gelu_tanh", "relu", "tanh"];

/** The oracle, in float64: the activation function of one number. */
export function activationReference(x: number, kind: ActivationKind): number {
  switch (kind) {
    case "gelu":
      return x * cumulative(x);
    case "gelu_tanh":
      return x * logistic(2 * bend(x));
    case "relu":
      return Math.max(x, 0);
    case "tanh":
      return Math.tanh(x);
  }
}

/** Its derivative; that of "relu" at 0 is 0. */
export function activationSlopeReference(x: number, kind: ActivationKind): number {
  switch (kind) {
    case "gelu":
      return cumulative(x) + x * density(x);
    case "gelu_tanh": {
      const slopeOfBend = Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
      return logistic(2 * bend(x)) + x * logistic(2 * bend(x)) * logistic(-2 * bend(x)) * 2 * slopeOfBend;
    }
    case "relu":
      return x > 0 ? 1 : 0;
    case "tanh":
      return 1 / Math.cosh(x) ** 2;
  }
}

const bend = (x: number) => Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3);
/** (1 + tanh(x / 2)) / 2, without the loss of the far negative tail. */
const logistic = (x: number) => 1 / (1 + Math.exp(-x));
const density = (x: number) => Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);

/** The normal distribution's cumulative probability: a power series near 0, a continued fraction in the tails. */
function cumulative(x: number): number {
  const z = Math.abs(x);
  let tail: number;
  if (z < 3) {
    let term = z;
    let sum = z;
    for (let n = 3; n < 200; n += 2) {
      term *= z * z / n;
      sum += term;
    }
    tail = 0.5 - density(z) * sum;
  } else {
    let fraction = z;
    for (let n = 200; n > 0; n--) fraction = z + n / fraction;
    tail = density(z) / fraction;
  }
  return x < 0 ? tail : 1 - tail;
}
