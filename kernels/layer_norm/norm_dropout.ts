import { f32, KernelError, u32, type Word } from "../../src/gpu/kernel.ts";
import { type DropoutKey, dropoutThreshold } from "../dropout/reference.ts";

/** Dropout before a norm; none where it is absent or its probability is 0. */
export interface NormDropout {
  /** Of an element being dropped, in [0, 1). */
  readonly probability: number;
  readonly key: DropoutKey;
}

/** Whether there is anything to drop. @throws KernelError where the probability is none */
export function drops(kernel: string, dropout: NormDropout | undefined): dropout is NormDropout {
  const { probability } = dropout ?? { probability: 0 };
  if (!(probability >= 0 && probability < 1)) {
    throw new KernelError(kernel, `probability is ${probability}; it must be at least 0 and below 1`);
  }
  return probability > 0;
}

/**
 * What a shader needs to draw the mask of the elements from `first` on. That is even, as a mask is drawn for pairs: a tile begins at
 * a multiple of the binding alignment, which is at least 32 bytes on any device.
 */
export function dropoutWords(dropout: NormDropout | undefined, first: number): Word[] {
  const { probability, key } = dropout ?? { probability: 0, key: { seed: 0, site: 0, step: 0 } };
  return [
    u32(first / 2),
    u32(dropoutThreshold(probability)),
    f32(1 / (1 - probability)),
    u32(key.seed),
    u32(key.site),
    u32(key.step),
  ];
}
