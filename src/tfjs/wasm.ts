// For its side effect too: it registers the backend and the stock kernels.
import { getThreadsCount, setThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { engine, env, ready, setBackend } from "@tensorflow/tfjs-core";
import { Failure } from "../errors.ts";
import { registerGradients } from "./gradients.ts";
import { WASM_BACKEND, type WasmHeap } from "./wasm_heap.ts";
import { addWasmKernels } from "./wasm_kernels.ts";

/** Where the compiled kernels lie. */
export interface WasmFiles {
  readonly plain: string;
  readonly simd: string;
}

/** What the wasm backend is here. */
export interface WasmInfo {
  readonly simd: boolean;
  readonly threads: number;
}

let opened: Promise<WasmInfo> | undefined;

/**
 * Makes the stock wasm backend the current one: operations then take their composed forms, on the CPU. The files are loaded the first
 * time.
 *
 * It runs on one thread. The threaded build starts Workers from `blob:` URLs, which a page with a strict policy refuses, and needs
 * memory that is shared, which only pages get that are isolated from other origins.
 *
 * @throws Failure where there is no WebAssembly, or a file does not load: now and whenever it is called again, since the package does
 *   not begin twice. No backend is the current one then
 */
export async function useWasm(files: WasmFiles): Promise<WasmInfo> {
  opened ??= open(files);
  const info = await opened;
  await setBackend(WASM_BACKEND);
  return info;
}

async function open({ plain, simd }: WasmFiles): Promise<WasmInfo> {
  registerGradients();
  addWasmKernels();
  env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  setThreadsCount(1);
  // All three have to be named; the last is not loaded.
  setWasmPaths({
    "tfjs-backend-wasm.wasm": plain,
    "tfjs-backend-wasm-simd.wasm": simd,
    "tfjs-backend-wasm-threaded-simd.wasm": simd,
  });
  const hasSimd = await env().getAsync("WASM_HAS_SIMD_SUPPORT") as boolean;
  if (!await setBackend(WASM_BACKEND)) {
    throw new Failure(`WebAssembly did not start: could ${hasSimd ? simd : plain} be loaded?`);
  }
  await ready();
  letOthersRun(engine().backend as unknown as WasmHeap);
  return { simd: hasSimd, threads: getThreadsCount() };
}

/**
 * Makes each asynchronous read a turn of the event loop, as on a GPU it is: all work is done by the time of the read, so that it would
 * else be none, and nobody could stop a training.
 */
function letOthersRun(heap: WasmHeap): void {
  heap.read = async (dataId) => {
    const values = heap.readSync(dataId);
    await turn();
    return values;
  };
}

/** Not by `setTimeout`, which browsers hold back for four milliseconds. */
function turn(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
