import { beforeEach, describe, expect, it } from "vitest";
import { chooseVariants } from "../../../cli/host/product_variants.ts";
import type { MatmulShape } from "../../../kernels/matmul/matmul.ts";
import { InputError } from "../../../src/errors.ts";
import type { Gpu } from "../../../src/gpu/device.ts";
import { readText } from "../../../src/host.ts";
import { variantFor } from "../../../src/tfjs/product_variants.ts";
import { freshGpu } from "../../gpu/open_test_gpu.ts";
import { MemoryFiles } from "../../host/memory_files.ts";

let gpu: Gpu;
let ticks: number;
/** Each look at this clock takes longer than all before it, so that one sample is always long enough. */
const now = () => ticks += ticks;
beforeEach(async () => {
  ticks = 100;
  gpu = await freshGpu();
});

const small: MatmulShape = {
  m: 64,
  n: 64,
  k: 64,
  a: { transposed: false, stride: 64, batchStrides: [0, 0] },
  b: { transposed: false, stride: 64, batchStrides: [0, 0] },
  result: { stride: 64, batchStrides: [0, 0] },
};

describe("the variants of matrix products", () => {
  it("are measured once for an adapter, then kept beside those of others", async () => {
    const other = { small: "tiled", large: "tiled", batched: "blocks" };
    const cache = MemoryFiles.of({ "products.json": JSON.stringify({ "another GPU": other }) });
    await chooseVariants(gpu, { wanted: undefined, cache, now });
    const kept = JSON.parse((await readText(cache, "products.json"))!);
    expect(kept["another GPU"]).toEqual(other);
    expect(Object.keys(kept[gpu.name])).toEqual(["small", "large", "batched"]);
    expect(variantFor(gpu, small)).toBe(kept[gpu.name].small);
    const { changes } = cache;
    const looks = ticks;
    await chooseVariants(gpu, { wanted: undefined, cache, now });
    expect([cache.changes, ticks]).toEqual([changes, looks]);
  });

  it("are those that were kept", async () => {
    const kept = { small: "blocks", large: "tiled", batched: "blocks" };
    const cache = MemoryFiles.of({ "products.json": JSON.stringify({ [gpu.name]: kept }) });
    await chooseVariants(gpu, { wanted: undefined, cache, now });
    expect(variantFor(gpu, small)).toBe("blocks");
    expect(variantFor(gpu, { ...small, batch: [2, 1] })).toBe("blocks");
  });

  it.each(["{", "[]", '{"x": 1}', '{"x": {"small": "fast", "large": "tiled", "batched": "tiled"}}'])(
    "are measured again where the file is %s",
    async (text) => {
      const cache = MemoryFiles.of({ "products.json": text });
      await chooseVariants(gpu, { wanted: undefined, cache, now });
      expect(Object.keys(JSON.parse((await readText(cache, "products.json"))!))).toEqual([gpu.name]);
    },
  );

  it("may be measured without a place to keep them, or one that cannot be written", async () => {
    await chooseVariants(gpu, { wanted: undefined, cache: undefined, now });
    const full = new MemoryFiles();
    full.crashAfter(0);
    await chooseVariants(gpu, { wanted: undefined, cache: full, now });
  });

  it("are the one that is wanted, or general where that cannot be", async () => {
    await chooseVariants(gpu, { wanted: "blocks", cache: undefined, now });
    expect(variantFor(gpu, small)).toBe("blocks");
    expect(variantFor(gpu, { ...small, k: 63 })).toBe("general");
  });

  it("must be known", async () => {
    const wrong = chooseVariants(gpu, { wanted: "fast", cache: undefined, now });
    await expect(wrong).rejects.toThrow(
      new InputError("PUPIL_MATMUL is 'fast'; it must be one of tiled, blocks, textures, general"),
    );
  });
});
