import * as v from "valibot";
import { MATMUL_VARIANTS, type MatmulVariant } from "../../kernels/matmul/matmul.ts";
import { InputError } from "../../src/errors.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { type Files, readText, writeText } from "../../src/host.ts";
import { measureVariants } from "../../src/tfjs/measure_variants.ts";
import { type ProductVariants, useVariants } from "../../src/tfjs/product_variants.ts";

/** What was measured before, by the adapter's name. */
const FILE = "products.json";
const variant = v.picklist(MATMUL_VARIANTS);
const schema = v.record(v.string(), v.object({ small: variant, large: variant, batched: variant }));

export interface VariantChoice {
  /** A variant for every product, whatever is faster; `PUPIL_MATMUL`. */
  readonly wanted: string | undefined;
  /** Where measurements are kept from one run to the next; they are made anew each time where there is no such place. */
  readonly cache: Files | undefined;
  now(): number;
}

/**
 * Sees to it that matrix products take the variants that are the fastest on this GPU: measured once for each adapter, then kept.
 *
 * @throws InputError where the variant that is wanted is none
 */
export async function chooseVariants(gpu: Gpu, { wanted, cache, now }: VariantChoice): Promise<void> {
  if (wanted !== undefined) {
    const all = requireVariant(wanted);
    useVariants(gpu, { small: all, large: all, batched: all });
    return;
  }
  const known = cache && await readKnown(cache);
  const before = known?.[gpu.name];
  if (before) {
    useVariants(gpu, before);
    return;
  }
  const measured = await measureVariants(gpu, now);
  useVariants(gpu, measured);
  if (!cache) return;
  try {
    await writeText(cache, FILE, JSON.stringify({ ...known, [gpu.name]: measured }, null, 2) + "\n");
  } catch {
    // A cache that cannot be written costs a second measurement the next time, and nothing else.
  }
}

function requireVariant(wanted: string): MatmulVariant {
  const found = MATMUL_VARIANTS.find((each) => each === wanted);
  if (found) return found;
  throw new InputError(`PUPIL_MATMUL is '${wanted}'; it must be one of ${MATMUL_VARIANTS.join(", ")}`);
}

/** A file that does not parse, as of another version, counts for nothing. */
async function readKnown(cache: Files): Promise<Record<string, ProductVariants>> {
  try {
    return v.parse(schema, JSON.parse(await readText(cache, FILE) ?? "{}"));
  } catch {
    return {};
  }
}
