import { type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { ScoringControl } from "../acquisition/scoring_model.ts";
import type { Example } from "../data/example.ts";
import { InputError, stopIfAborted } from "../errors.ts";
import { evaluationBatches } from "../text/length_buckets.ts";
import { HalfProducts } from "../tfjs/half_products.ts";
import { releaseFreeBuffers } from "../tfjs/memory.ts";
import { advised } from "../training/advised.ts";
import { currentBackend } from "../tfjs/setup.ts";
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
 * back. With `storage` float16, weights are packed once, for the time of the scan.
 *
 * @throws Interrupted between two batches
 * @throws Failure where the GPU's memory does not hold a batch, which says what would fit
 * @throws InputError where `storage` is float16 and no product of a batch can be computed from that, or
 *   the backend is not that of our kernels
 */
export async function scan(
  examples: readonly Example[],
  { signal, report, storage }: ScoringControl,
  { encoder, batchSize, run, read }: Scan,
): Promise<void> {
  const batches = evaluationBatches(examples, (example) => encoder.lengthOf(example), batchSize);
  const halves = storage === "float16" ? storedHalves() : undefined;
  const out: Sent[] = [];
  let done = 0;
  /** The largest that was sent: the GPU tells late that one was too large. */
  let largest = { batch: 0, length: 0 };
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
      const encoded = encoder.batch(batch);
      if (encoded.rows * encoded.length > largest.batch * largest.length) {
        largest = { batch: encoded.rows, length: encoded.length };
      }
      const pass = () => tidy(() => run(encoded));
      const result = halves ? halves.during(pass) : pass();
      out.push({ batch, result, values: result.data() as Promise<Float32Array> });
      if (halves?.products === 0) {
        throw new InputError(
          "al.scoring_storage is float16, but this model has no linear layer that reads float16: inputs and outputs must be multiples " +
            "of 4. Leave al.scoring_storage out",
        );
      }
      if (out.length === BATCHES_OUT) await takeFirst();
    }
    while (out.length > 0) {
      stopIfAborted(signal);
      await takeFirst();
    }
  } catch (thrown) {
    throw await advised(thrown, ({ withScoringAdvice }) => withScoringAdvice(thrown, largest));
  } finally {
    // After a failure: what was sent is let go once it is back, and whatever it says is an echo of that failure.
    await Promise.allSettled(out.map(({ values }) => values));
    for (const { result } of out) result.dispose();
    halves?.dispose();
    releaseFreeBuffers();
  }
}

function storedHalves(): HalfProducts {
  const backend = currentBackend();
  if (!backend) {
    throw new InputError(
      "al.scoring_storage is float16, which kernels for a GPU read, and none is in use. Leave it out",
    );
  }
  return new HalfProducts(backend);
}
