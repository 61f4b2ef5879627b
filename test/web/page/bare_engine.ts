/// <reference lib="dom" />
import type { ExperimentConfig } from "../../../src/config/schema.ts";
import { execute } from "../../../src/experiment/execute.ts";
import { prepare } from "../../../src/experiment/prepare.ts";
import { requestAdapter } from "../../../src/gpu/adapter.ts";
import { openDevice } from "../../../src/gpu/device.ts";
import { useGpu } from "../../../src/tfjs/setup.ts";
import { useWasm } from "../../../src/tfjs/wasm.ts";
import { FetchedFiles } from "../../../web/host/fetched_files.ts";
import { pageClock } from "../../../web/host/page_clock.ts";
import { MemoryFiles } from "../../host/memory_files.ts";

/*
 * The engine without the page: no Worker, no lab, no files but in memory, TensorFlow.js whole. A test calls it in a page beside the
 * built one.
 */
const wasmFiles = {
  plain: new URL("wasm/tfjs-backend-wasm.wasm", location.href).href,
  simd: new URL("wasm/tfjs-backend-wasm-simd.wasm", location.href).href,
};

/** Runs a plan on the user's files; gives the run directory, each file as base64. */
async function runBare(
  experiments: readonly ExperimentConfig[],
  userFiles: Readonly<Record<string, string>>,
  backend: "webgpu" | "wasm",
): Promise<Record<string, string>> {
  if (backend === "wasm") await useWasm(wasmFiles);
  else await useGpu(await openDevice(await requestAdapter(navigator.gpu, { software: true })));
  const assets = new FetchedFiles(new URL("project/", location.href));
  const files = new MemoryFiles();
  const plan = await prepare(experiments, { assets, userFiles: MemoryFiles.of(userFiles) });
  for await (const _ of execute(plan, { files, clock: pageClock }));
  const paths = Object.keys(files.texts());
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path, (await files.read(path) as Base64Bytes).toBase64()])),
  );
}

/** In TypeScript's library it is not yet. */
type Base64Bytes = Uint8Array & { toBase64(): string };

Object.assign(globalThis, { runBare });
