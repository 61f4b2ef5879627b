import { describe, expect, it } from "vitest";
import { Failure } from "../../src/errors.ts";
import { adapterName, type AdapterWish, isSoftware, requestAdapter, SoftwareRefused } from "../../src/gpu/adapter.ts";

type Info = Partial<GPUAdapterInfo>;

const llvmpipe: Info = { description: "llvmpipe (LLVM 15.0.6, 256 bits)", isFallbackAdapter: true };
const swiftShader: Info = { description: "", vendor: "google", architecture: "swiftshader", device: "" };
const geForce: Info = { description: "NVIDIA GeForce RTX 3060", vendor: "nvidia", isFallbackAdapter: false };

/** A host that offers one adapter, or none. */
function hostWith(info: Info | undefined): GPU {
  return { requestAdapter: () => Promise.resolve(info === undefined ? null : { info }) } as unknown as GPU;
}

function request(info: Info | undefined, wish: Partial<AdapterWish> = {}): Promise<GPUAdapter> {
  return requestAdapter(hostWith(info), { software: false, ...wish });
}

describe("the name of an adapter", () => {
  it.each([
    [llvmpipe, "llvmpipe (LLVM 15.0.6, 256 bits)"],
    [swiftShader, "google swiftshader"],
    [{ vendor: "", architecture: "", device: "", description: "" }, "unnamed adapter"],
  ])("of %o is %s", (info, name) => expect(adapterName(info as GPUAdapterInfo)).toBe(name));

  it.each([
    [llvmpipe, true],
    [{ description: "llvmpipe (LLVM 19)" }, true],
    [swiftShader, true],
    [{ description: "Microsoft Basic Render Driver" }, true],
    [geForce, false],
    [{ vendor: "intel", architecture: "gen-12lp" }, false],
  ])("and its kind: %o is software: %s", (info, software) => expect(isSoftware(info as GPUAdapterInfo)).toBe(software));
});

describe("a request for an adapter", () => {
  it("says so where the host has no WebGPU", async () => {
    await expect(requestAdapter(undefined, { software: true })).rejects.toThrow(new Failure("this host has no WebGPU"));
  });

  it("says how to get an adapter where there is none", async () => {
    await expect(request(undefined)).rejects.toThrow(
      /^no GPU adapter\. On Debian: apt-get install mesa-vulkan-drivers/,
    );
  });

  it("finds an adapter by a part of its name, in any case", async () => {
    expect((await request(geForce, { named: "rtx" })).info).toBe(geForce);
  });

  it("names what was asked for and what there is where the name fits none", async () => {
    const refused = request(geForce, { named: "radeon" });
    await expect(refused).rejects.toThrow(
      new Failure("no adapter is called 'radeon'; the host offers 'NVIDIA GeForce RTX 3060'"),
    );
  });

  it.each([llvmpipe, swiftShader])("refuses the software adapter %o where a real GPU is present", async (info) => {
    const refused = request(info, { present: "NVIDIA (/dev/nvidiactl)" });
    await expect(refused).rejects.toThrow(SoftwareRefused);
    const message = await refused.catch((thrown: Error) => thrown.message);
    for (const part of ["NVIDIA (/dev/nvidiactl)", adapterName(info as GPUAdapterInfo), "'graphics'", "--software"]) {
      expect(message).toContain(part);
    }
  });

  it("takes the software adapter where that is wished, or where the machine has no other", async () => {
    expect((await request(llvmpipe, { present: "NVIDIA", software: true })).info).toBe(llvmpipe);
    expect((await request(llvmpipe)).info).toBe(llvmpipe);
  });

  it("takes a real GPU whether or not the host could tell that there is one", async () => {
    expect((await request(geForce, { present: "NVIDIA" })).info).toBe(geForce);
    expect((await request(geForce)).info).toBe(geForce);
  });
});
