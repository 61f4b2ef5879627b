import { type Tensor, tensor } from "@tensorflow/tfjs-core";
import type { ScanControl } from "../acquisition/scoring_model.ts";
import type { Example } from "../data/example.ts";
import type { Classifier } from "../models/model.ts";
import { inference } from "../models/pass.ts";
import { evaluationBatches } from "../text/length_buckets.ts";
import type { Encoder, ExampleBatch } from "./encoder.ts";
import { scan } from "./scan.ts";

/** Texts that are computed together. Not the batch of an evaluation, which is no part of what a training is. */
const BATCH = 32;

/**
 * The vectors by which a model classifies texts, where nothing that makes them ever learns: each is computed once, without dropout, for all
 * trainings and all that is asked of what they give.
 *
 * A text's batch is the same whoever asks for it first, since how far it is padded may show in the last bit. So a run that is continued
 * comes to the same bytes.
 */
export class FrozenFeatures {
  #lots: Lots | undefined;
  readonly #byId = new Map<string, Float32Array>();

  /** @param examples all that it may be asked for */
  constructor(readonly examples: readonly Example[], readonly encoder: Encoder) {}

  /** Computes what is not there yet of examples, with a classifier whose other parameters may have learned. */
  async ensure(examples: readonly Example[], classifier: Classifier, { signal, report }: ScanControl): Promise<void> {
    const missing = examples.filter(({ id }) => !this.#byId.has(id));
    // Made when they are needed: the length of each text is that of its tokens.
    const { batches, places } = this.#lots ??= lotsOf(this.examples, this.encoder);
    const wanted = new Set(missing.map(({ id }) => places.get(id)!));
    const run = (batch: ExampleBatch<Example>) => classifier.features(batch, inference);
    const read = (batch: readonly Example[], values: Float32Array) => {
      const width = values.length / batch.length;
      batch.forEach(({ id }, row) => this.#byId.set(id, values.slice(row * width, (row + 1) * width)));
    };
    const { encoder } = this;
    let done = examples.length - missing.length;
    for (const place of [...wanted].sort((a, b) => a - b)) {
      const batch = batches[place]!;
      const control = { report: () => Promise.resolve(), ...(signal ? { signal } : {}) };
      await scan(batch, control, { encoder, batchSize: BATCH, run, read });
      done += missing.filter(({ id }) => places.get(id) === place).length;
      await report(done, examples.length);
    }
  }

  /** [rows, features], of examples that {@link ensure} was told of. */
  of({ examples }: ExampleBatch<Example>): Tensor {
    const own = examples.map(({ id }) => this.#byId.get(id)!);
    const width = own[0]!.length;
    const values = new Float32Array(own.length * width);
    own.forEach((each, row) => values.set(each, row * width));
    return tensor(values, [own.length, width]);
  }
}

interface Lots {
  readonly batches: readonly (readonly Example[])[];
  /** Of each example, by its id, which of the batches it is in. */
  readonly places: ReadonlyMap<string, number>;
}

function lotsOf(examples: readonly Example[], encoder: Encoder): Lots {
  const batches = evaluationBatches(examples, (example) => encoder.lengthOf(example), BATCH);
  return { batches, places: new Map(batches.flatMap((batch, place) => batch.map(({ id }) => [id, place] as const))) };
}
