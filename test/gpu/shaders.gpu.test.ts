import { beforeAll, describe, expect, it } from "vitest";
import { checkShader } from "../../src/gpu/pipelines.ts";
import { testGpu } from "./open_test_gpu.ts";

declare global {
  interface ImportMeta {
    /** Vite's, in either host. */
    glob(patterns: string | string[], options: object): Record<string, string>;
  }
}

const shaders = import.meta.glob(["../../kernels/**/*.wgsl", "../../bench/**/*.wgsl"], {
  eager: true,
  import: "default",
});
const hostSides = import.meta.glob(["../../kernels/**/*.ts", "!../../kernels/dist/**"], {
  eager: true,
  import: "default",
  query: "?raw",
});

let device: GPUDevice;
beforeAll(async () => {
  device = (await testGpu()).device;
});

/** A barrier that only the lanes with a positive value reach. */
const divergent = `
@group(0) @binding(0) var<storage, read_write> values: array<f32>;
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (values[lane] > 0.0) { workgroupBarrier(); }
  values[lane] = 1.0;
}`;

describe("the shaders of all kernels", () => {
  it.each(Object.entries(shaders))("%s compiles here", async (label, code) => {
    expect(await checkShader(device, { label, code })).toEqual([]);
  });

  it("are what stands in their files: no host side holds WGSL or changes any", () => {
    expect(Object.keys(hostSides).length).toBeGreaterThan(5);
    for (const [file, text] of Object.entries(hostSides)) {
      expect(text, file).not.toMatch(/@compute|@group|fn main|\.replace(All)?\(|\$\{\w*[cC]ode\b/);
    }
  });
});

describe("the check of a shader", () => {
  it("tells the line of a mistake", async () => {
    const code = "@compute @workgroup_size(1)\nfn main() {\n  let x: u32 = 1.5;\n}";
    expect((await checkShader(device, { label: "wrong", code }))[0]).toMatch(/^wrong:3:\d+: ./);
  });

  it("refuses a barrier in control flow that is not uniform", async (context) => {
    context.skip("Deno" in globalThis, "the compiler of this host, Naga, accepts it; Chromium's is the judge");
    expect((await checkShader(device, { label: "divergent", code: divergent }))[0]).toMatch(/uniform control flow/);
  });
});
