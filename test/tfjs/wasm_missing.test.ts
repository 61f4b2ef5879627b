import { expect, it } from "vitest";
import { Failure } from "../../src/errors.ts";
import { useWasm } from "../../src/tfjs/wasm.ts";
import { wasmFiles } from "./wasm_files.ts";

// In a file of its own: the package does not begin twice.
it("a wasm backend whose file is missing says so, and goes on saying it", async () => {
  const missing = new Failure("WebAssembly did not start: could file:///missing.wasm be loaded?");
  await expect(useWasm({ ...wasmFiles, simd: "file:///missing.wasm" })).rejects.toThrow(missing);
  await expect(useWasm(wasmFiles)).rejects.toThrow(missing);
});
