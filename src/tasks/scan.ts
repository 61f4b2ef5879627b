import { type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { ScanControl } from "../acquisition/scoring_model.ts";
import type { Example } from "../data/example.ts";
import { stopIfAborted } from "../errors.ts";
import { evaluationBatches } from "../text/length_buckets.ts";
import { releaseFreeBuffers } from "../tfjs/memory.ts";
import type { Encoder, ExampleBatch } from "./encoder.ts";

/** How a pass over examples goes, whatever is computed. */
export interface Scan {
  readonly encoder: Encoder;
  readonly batchSize: number;
  /** Computes for one batch; only what it gives is read back. */
  run(batch: ExampleBatch<Example>): Tensor;
  /** Takes what that gave, batch by batch in order. */
  read(batch: readonly Example[], values: Float32Array): void;
}

/**
 * Batches that are out at once. While the GPU computes one, the next is encoded and sent: it never waits for the host, and waiting
 * for a result, which a host may learn of late, costs once for all of them.
 */
const BATCHES_OUT = 4;

interface Sent {
  readonly batch: readonly Example[];
  readonly result: Tensor;
  readonly values: Promise<Float32Array>;
}

/**
 * Runs over examples in batches of like length, without a tape: buffers are used again from batch to batch, and only results come
 * back.
 *
 * @throws Interrupted between two batches
 */
export async function scan(
  examples: readonly Example[],
  { signal, report }: ScanControl,
  { encoder, batchSize, run, read }: Scan,
): Promise<void> {
  const batches = evaluationBatches(examples, (example) => encoder.lengthOf(example), batchSize);
  const out: Sent[] = [];
  let done = 0;
  const takeFirst = async () => {
    const { batch, result, values } = out[0]!;
    read(batch, await values);
    out.shift();
    result.dispose();
    done += batch.length;
    await report(done, examples.length);
  };
  try {
    for (const batch of batches) {
      stopIfAborted(signal);
      const result = tidy(() => run(encoder.batch(batch)));
      out.push({ batch, result, values: result.data() as Promise<Float32Array> });
      if (out.length === BATCHES_OUT) await takeFirst();
    }
    while (out.length > 0) {
      stopIfAborted(signal);
      await takeFirst();
    }
  } finally {
    // After a failure: what was sent is let go once it is back, and whatever it says is an echo of that failure.
    await Promise.allSettled(out.map(({ values }) => values));
    for (const { result } of out) result.dispose();
    releaseFreeBuffers();
  }
}
