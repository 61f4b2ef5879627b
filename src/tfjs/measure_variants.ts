import { matmul, type MatmulShape, type MatmulVariant, matmulVariants } from "../../kernels/matmul/matmul.ts";
import type { Gpu } from "../gpu/device.ts";
import { Recorder } from "../gpu/recorder.ts";
import { BufferUsage } from "../gpu/usage.ts";
import { type ProductClass, productClasses, type ProductVariants, usualVariants } from "./product_variants.ts";

/** A product as they occur in training, for each class. */
const samples: Readonly<Record<ProductClass, MatmulShape>> = {
  small: dense(512, 128, 128),
  large: dense(512, 512, 512),
  // The scores of 8 texts of 32 tokens and 4 heads of 32.
  batched: {
    m: 32,
    n: 32,
    k: 32,
    batch: [8, 4],
    a: { transposed: false, stride: 128, batchStrides: [32 * 128, 32] },
    b: { transposed: true, stride: 128, batchStrides: [32 * 128, 32] },
    result: { stride: 32, batchStrides: [4 * 32 * 32, 32 * 32] },
  },
};

/** Another variant than the usual one is taken where it is so many times faster: what is less may be chance. */
const CLEARLY = 1.1;
/** And is not measured further where it is so many times slower. */
const HOPELESS = 3;

/** Milliseconds that a sample takes at least: a shorter one says more of the queue than of the work. */
const LEAST_SAMPLE = 20;
const MOST_REPEATS = 4096;

/**
 * Measures which variant of the matrix product is the fastest here, for each class of shapes. Takes a second or two on a software
 * adapter, less on a GPU. `now` in milliseconds.
 *
 * @throws GpuFault where the GPU refuses any of it
 */
export async function measureVariants(gpu: Gpu, now: () => number): Promise<ProductVariants> {
  const measured: Partial<Record<ProductClass, MatmulVariant>> = {};
  const usual = usualVariants(gpu);
  for (const name of productClasses) measured[name] = await fastest(gpu, samples[name], usual[name], now);
  return measured as ProductVariants;
}

async function fastest(
  gpu: Gpu,
  shape: MatmulShape,
  usual: MatmulVariant,
  now: () => number,
): Promise<MatmulVariant> {
  const { device, faults } = gpu;
  const { STORAGE, COPY_SRC } = BufferUsage;
  const others = matmulVariants(shape).filter((variant) => variant !== usual && variant !== "general");
  const { inputs, outputs } = matmul.plan(shape, device.limits);
  const buffers = Object.fromEntries(
    [...inputs, ...outputs].map(({ name, bytes }) => [
      name,
      device.createBuffer({ label: name, size: bytes, usage: STORAGE | COPY_SRC }),
    ]),
  );
  const recorder = new Recorder(device, gpu.pipelines);
  let best = { variant: usual, time: Infinity };
  try {
    for (const variant of [usual, ...others]) {
      const plan = matmul.plan({ ...shape, variant }, device.limits);
      const run = async (repeats: number) => {
        const began = now();
        const encoder = device.createCommandEncoder();
        for (let repeat = 0; repeat < repeats; repeat++) {
          recorder.prepare(encoder, plan, buffers);
          const pass = encoder.beginComputePass();
          recorder.record(pass, plan, buffers);
          pass.end();
        }
        device.queue.submit([encoder.finish()]);
        await device.queue.onSubmittedWorkDone();
        return now() - began;
      };
      await run(1);
      const empty = await run(0);
      let repeats = 1;
      let time = await run(repeats) - empty;
      while (time * repeats < LEAST_SAMPLE && repeats < MOST_REPEATS && time < best.time * HOPELESS) {
        repeats *= time * repeats > 2 ? Math.ceil(LEAST_SAMPLE / (time * repeats)) : 4;
        time = (await run(repeats) - empty) / repeats;
      }
      if (time * (variant === usual ? 1 : CLEARLY) < best.time) best = { variant, time };
      recorder.forget(plan);
    }
    await faults.settle();
  } finally {
    for (const buffer of Object.values(buffers)) buffer.destroy();
  }
  return best.variant;
}

function dense(m: number, n: number, k: number): MatmulShape {
  const batchStrides = [0, 0] as const;
  return {
    m,
    n,
    k,
    a: { transposed: false, stride: k, batchStrides },
    b: { transposed: true, stride: k, batchStrides },
    result: { stride: n, batchStrides },
  };
}
