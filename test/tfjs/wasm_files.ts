import { engine } from "@tensorflow/tfjs-core";
import type { WasmFiles } from "../../src/tfjs/wasm.ts";

// Not written in one expression with `import.meta.url`, which Vite would take for an asset to bundle.
const here = import.meta.url;
const folder = "../../node_modules/@tensorflow/tfjs-backend-wasm/dist";

/** The compiled kernels, where the package has them, under Deno and in a page alike. */
export const wasmFiles: WasmFiles = {
  plain: new URL(`${folder}/tfjs-backend-wasm.wasm`, here).href,
  simd: new URL(`${folder}/tfjs-backend-wasm-simd.wasm`, here).href,
};

/** The size of the memory that the wasm backend, which is the current one, has taken; it gives none back. */
export function wasmHeapBytes(): number {
  return (engine().backend as unknown as { readonly wasm: { readonly HEAPU8: Uint8Array } }).wasm.HEAPU8.length;
}
