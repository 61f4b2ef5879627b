import { InputError } from "../../src/errors.ts";
import { benches } from "../bench/benches.ts";
import { gpuFlags, parseArguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import { exitCode } from "../dispatch.ts";

const usage =
  `pupil bench kernels|train|score|matmul|tokenizers [NAME...] [--quick] [--kernels] [--storage float16] [--json]
              [--adapter NAME] [--software]
  kernels         each WGSL kernel against the same result of stock operations, against a copy of its input, and against reading it
  train           a training step of a BERT: our engine against the same model on stock TensorFlow.js, and PyTorch where python3 has it
  score           a batch of a pool, scored: our engine against the same model on stock TensorFlow.js
  matmul          our matrix product against stock TensorFlow.js and jax-js
  tokenizers      texts a second, of the embedded tokenizer and mails, or of a folder's tokenizer and a file's texts: [FOLDER [FILE]]
  NAME            only these: kernels such as row_stats, models such as 2x128, products such as 512x768x768; all of them without
  --quick         a tenth of the measuring: fewer and shorter samples, the same shapes
  --kernels       train, score: also how often each kernel runs, and how long the GPU takes for it; matmul: every variant of ours
  --storage float16  score: also ours with weights and activations of linear layers stored so, and what that changes
  --json          one JSON document
  --adapter NAME  takes only an adapter whose name holds this
  --software      accepts a software adapter although the machine has a GPU`;

/** Measurements on this machine, stamped with the adapter. */
export const bench: Command = {
  name: "bench",
  summary: "Measure kernels, training and scoring against stock operations, on this machine",
  usage,
  async run(args, io) {
    const { positionals: [target, ...names], flags } = parseArguments(args, {
      usage,
      flags: {
        quick: { type: "boolean" },
        kernels: { type: "boolean" },
        storage: { type: "string" },
        json: { type: "boolean" },
        ...gpuFlags,
      },
      positionals: [1, Infinity],
    });
    const chosen = benches.get(target!);
    if (flags.kernels && !chosen.hasKernels) {
      const able = benches.entries().filter(({ hasKernels }) => hasKernels).map(({ name }) => name);
      throw new InputError(`bench ${chosen.name} takes no --kernels; these do: ${able.join(", ")}`);
    }
    const { storage, ...others } = flags;
    if (storage !== undefined && !chosen.hasStorage) {
      throw new InputError(`bench ${chosen.name} takes no --storage; only bench score does`);
    }
    if (storage !== undefined && storage !== "float16") {
      throw new InputError(`--storage is '${storage}'; it must be float16, beside which float32 is measured anyway`);
    }
    await chosen.run({ names, ...others, halves: storage !== undefined }, io);
    return exitCode.done;
  },
};
