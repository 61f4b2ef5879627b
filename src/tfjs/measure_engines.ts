import { dispose, sum, tensor, tidy } from "@tensorflow/tfjs-core";
import { linear } from "./operations/linear.ts";
import { valueAndGradients } from "./value_and_gradients.ts";

/** Rows of a batch of sixteen texts of 32 tokens, and the width of a small model. */
const [ROWS, COLUMNS] = [512, 64];
const MOST_STEPS = 20;

/**
 * Milliseconds that the current backend takes for a small step: a linear layer forward and backward, and a read. The first one, in
 * which a GPU compiles, does not count. Infinite where not two were done within `budget` milliseconds: what a backend is at then it
 * finishes, and no more is asked of it.
 *
 * @param now a clock in milliseconds
 */
export async function measureStep(now: () => number, budget: number): Promise<number> {
  const end = now() + budget;
  const isOver = () => now() >= end;
  const { promise: late, resolve } = Promise.withResolvers<number>();
  const timer = setTimeout(() => resolve(Infinity), budget);
  try {
    return await Promise.race([fastestStep(now, isOver), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function fastestStep(now: () => number, isOver: () => boolean): Promise<number> {
  const filled = (rows: number, columns: number) =>
    tensor(Float32Array.from({ length: rows * columns }, (_, index) => ((index % 7) - 3) / 8), [rows, columns]);
  const [x, weight, bias] = [filled(ROWS, COLUMNS), filled(COLUMNS, COLUMNS), tensor(new Float32Array(COLUMNS))];
  const step = async () => {
    const began = now();
    const gradient = tidy(() => valueAndGradients(() => sum(linear(x, weight, bias)), [weight, bias]).gradients[0]!);
    try {
      await gradient.data();
    } finally {
      gradient.dispose();
    }
    return now() - began;
  };
  try {
    await step();
    let fastest = Infinity;
    for (let count = 0; count < MOST_STEPS && !isOver(); count++) fastest = Math.min(fastest, await step());
    return fastest;
  } finally {
    dispose([x, weight, bias]);
  }
}
