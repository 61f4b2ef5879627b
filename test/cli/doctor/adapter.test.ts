import { describe, expect, it } from "vitest";
import { adapterFinding, findAdapter } from "../../../cli/doctor/adapter.ts";
import type { Machine } from "../../../cli/doctor/machine.ts";
import { lookForVulkan } from "../../../cli/doctor/vulkan.ts";
import type { GpuChoice } from "../../../cli/host/open_gpu.ts";
import { adapterCalled, loader, otherMachine, withDriver } from "./other_machine.ts";

const choice: GpuChoice = { adapter: undefined, software: false };
const llvmpipe = adapterCalled("llvmpipe (LLVM 15.0.6, 256 bits)");

async function judge(machine: Machine, wish: Partial<GpuChoice> = {}) {
  const found = await findAdapter(machine, { ...choice, ...wish });
  return adapterFinding(found, machine, { ...choice, ...wish }, await lookForVulkan(machine));
}

describe("the doctor on the adapter", () => {
  it("is content with a GPU", async () => {
    const machine = otherMachine({ webgpu: adapterCalled("NVIDIA H100", "4318"), realGpu: "NVIDIA (/dev/nvidiactl)" });
    expect(await judge(machine)).toEqual({
      state: "ok",
      found: "adapter: NVIDIA H100",
      details: ["hardware; maker NVIDIA", "GPU of this machine: NVIDIA (/dev/nvidiactl)"],
    });
  });

  it("only notes a software adapter where there is nothing better", async () => {
    const finding = await judge(otherMachine({ webgpu: llvmpipe }));
    expect(finding).toMatchObject({ state: "note", found: expect.stringContaining("a software adapter") });
    expect(finding.advice).toBeUndefined();
  });

  it("finds fault with a software adapter on a machine with a GPU, unless it was asked for", async () => {
    const machine = otherMachine({ webgpu: llvmpipe, realGpu: "NVIDIA (/dev/nvidiactl)" });
    const refused = await judge(machine);
    expect(refused.state).toBe("not ok");
    expect(refused.found).toContain("though this machine has a GPU");
    expect(refused.details).toContain("GPU of this machine: NVIDIA (/dev/nvidiactl)");
    expect(refused.advice!.join("\n")).toMatch(/'graphics' driver capability[^]*--software/);
    const accepted = await judge(machine, { software: true });
    expect(accepted.state).toBe("note");
    expect(accepted.advice!.join("\n")).not.toContain("--software");
  });

  it("advises by the maker of the GPU, and finds a driver that lies elsewhere", async () => {
    const amd = await judge(otherMachine({ webgpu: llvmpipe, realGpu: "AMD (/dev/dri/renderD128)" }));
    expect(amd.advice!.join("\n")).toMatch(/--device \/dev\/dri[^]*mesa-vulkan-drivers/);
    const driver = "usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json";
    const machine = otherMachine({ webgpu: llvmpipe, realGpu: "NVIDIA (x)", files: [...withDriver, driver] });
    expect((await judge(machine)).advice![0]).toContain(`export VK_DRIVER_FILES=/${driver}`);
  });

  it("says what to do where there is none", async () => {
    const none = await judge(otherMachine());
    expect(none).toMatchObject({ state: "not ok", found: "adapter: no GPU adapter" });
    expect(none.advice![0]).toContain("vulkaninfo");
    expect((await judge(otherMachine({ files: [loader] }))).advice).toEqual(["see to Vulkan first, as above"]);
    expect((await judge(otherMachine({ webgpu: undefined }))).found).toBe("adapter: this host has no WebGPU");
  });

  it("names the adapter that there is where another was asked for", async () => {
    const finding = await judge(otherMachine({ webgpu: llvmpipe }), { adapter: "radeon" });
    expect(finding.state).toBe("not ok");
    expect(finding.found).toMatch(/no adapter is called 'radeon'; the host offers 'llvmpipe/);
    expect(finding.advice![0]).toContain("--adapter");
  });
});
