import * as v from "valibot";
import { Failure, messageOf } from "../../src/errors.ts";
import { requestAdapter } from "../../src/gpu/adapter.ts";
import { type Gpu, openDevice } from "../../src/gpu/device.ts";
import { type Clock, type Files, readText, writeText } from "../../src/host.ts";
import { measureStep } from "../../src/tfjs/measure_engines.ts";
import { measureVariants } from "../../src/tfjs/measure_variants.ts";
import { type ProductVariants, useVariants } from "../../src/tfjs/product_variants.ts";
import { useGpu } from "../../src/tfjs/setup.ts";
import type { Computer } from "../engine/api.ts";

/** What a person may insist on. */
export type Wish = "automatic" | "webgpu" | "wasm";

export interface OpenServices {
  /** Where measurements are kept from one visit to the next. */
  readonly root: Files;
  readonly clock: Clock;
  /** Where the wasm backend's files lie. */
  readonly wasm: { readonly plain: string; readonly simd: string };
}

export interface OpenComputer {
  readonly computer: Computer;
  readonly gpu?: Gpu;
}

/** How long each of two ways to compute may take to show how fast it is, in milliseconds. */
const BUDGET = 1000;
const MEASURED = "computers.json";
const variant = v.picklist(["tiled", "blocks", "textures", "general"]);
const measuredSchema = v.record(
  v.string(),
  v.object({
    faster: v.optional(v.picklist(["webgpu", "wasm"])),
    variants: v.optional(v.object({ small: variant, large: variant, batched: variant })),
  }),
);
type Measured = v.InferOutput<typeof measuredSchema>;

/**
 * Makes what is the fastest here the current backend: a GPU where there is one; the CPU, by wasm, where there is none. A software adapter
 * computes on the CPU too, often more slowly than wasm does, so the two are measured for a moment, once.
 *
 * @throws Failure where neither starts, or what was wished for does not
 */
export async function openComputer(wish: Wish, services: OpenServices): Promise<OpenComputer> {
  if (wish === "wasm") return await openWasm(services);
  const adapter = await adapterHere();
  if (!("info" in adapter)) {
    if (wish === "webgpu") throw new Failure(adapter.why);
    return await openWasm(services, adapter.missing);
  }
  const gpu = await openDevice(adapter);
  if (wish === "automatic" && gpu.software && await faster(gpu, services) === "wasm") {
    gpu.device.destroy();
    return await openWasm(services, "slower");
  }
  return await useTunedGpu(gpu, services);
}

async function adapterHere(): Promise<GPUAdapter | { missing: "no-webgpu" | "no-adapter"; why: string }> {
  if (!navigator.gpu) return { missing: "no-webgpu", why: "this browser has no WebGPU" };
  try {
    return await requestAdapter(navigator.gpu, { software: true });
  } catch (thrown) {
    return { missing: "no-adapter", why: messageOf(thrown) };
  }
}

async function openWasm({ wasm }: OpenServices, missing?: Computer["missing"]): Promise<OpenComputer> {
  // Loaded only where it is needed.
  const { useWasm } = await import("../../src/tfjs/wasm.ts");
  const { simd, threads } = await useWasm(wasm);
  const name = `WebAssembly${simd ? ", SIMD" : ""}, ${threads} ${threads === 1 ? "thread" : "threads"}`;
  return { computer: { name, backend: "wasm", software: true, ...(missing ? { missing } : {}) } };
}

async function useTunedGpu(gpu: Gpu, services: OpenServices): Promise<OpenComputer> {
  await useGpu(gpu);
  // A software adapter compiles for longer than it would gain: some fifteen seconds, on two cores.
  if (!gpu.software) await tune(gpu, services);
  return { computer: { name: gpu.name, backend: "webgpu", software: gpu.software }, gpu };
}

async function tune(gpu: Gpu, { root, clock }: OpenServices): Promise<void> {
  const known = (await readMeasured(root))[gpu.name]?.variants;
  const variants: ProductVariants = known ?? await measureVariants(gpu, () => clock.now());
  useVariants(gpu, variants);
  if (!known) await remember(root, gpu.name, { variants });
}

async function faster(gpu: Gpu, services: OpenServices): Promise<"webgpu" | "wasm"> {
  const { root, clock } = services;
  const known = (await readMeasured(root))[gpu.name]?.faster;
  if (known) return known;
  const now = () => clock.now();
  await openWasm(services);
  const onCpu = await measureStep(now, BUDGET);
  await useGpu(gpu);
  const onAdapter = await measureStep(now, BUDGET);
  const winner = onAdapter < onCpu ? "webgpu" : "wasm";
  await remember(root, gpu.name, { faster: winner });
  return winner;
}

/** What another version wrote counts for nothing. */
async function readMeasured(root: Files): Promise<Measured> {
  try {
    return v.parse(measuredSchema, JSON.parse(await readText(root, MEASURED) ?? "{}"));
  } catch {
    return {};
  }
}

async function remember(root: Files, name: string, found: Measured[string]): Promise<void> {
  const measured = await readMeasured(root);
  await writeText(root, MEASURED, JSON.stringify({ ...measured, [name]: { ...measured[name], ...found } }) + "\n");
}
