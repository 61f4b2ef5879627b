import { describe, expect, it } from "vitest";
import { lookForVulkan, vulkanFinding } from "../../../cli/doctor/vulkan.ts";
import { loader, otherMachine, withDriver } from "./other_machine.ts";

async function judge(files: readonly string[], variables: Readonly<Record<string, string>> = {}, hasAdapter = false) {
  return vulkanFinding(await lookForVulkan(otherMachine({ files, variables })), hasAdapter);
}

describe("the doctor on Vulkan", () => {
  it("names loader and drivers", async () => {
    const finding = await judge([...withDriver, "etc/vulkan/icd.d/nvidia_icd.json"]);
    expect(finding).toEqual({ state: "ok", found: `Vulkan: /${loader}, drivers: lvp, nvidia` });
  });

  it("misses the loader before the drivers, and says how each is installed", async () => {
    const neither = await judge([]);
    expect(neither).toMatchObject({ state: "not ok", found: expect.stringContaining("no loader, libvulkan.so.1") });
    expect(neither.advice!.join()).toContain("apt-get install mesa-vulkan-drivers libvulkan1");
    const noDriver = await judge([loader]);
    expect(noDriver).toMatchObject({
      state: "not ok",
      found: expect.stringContaining("no driver in /usr/share/vulkan"),
    });
  });

  it.each(["VK_DRIVER_FILES", "VK_ICD_FILENAMES"])("believes %s", async (name) => {
    const chosen = await judge([loader, "opt/own_icd.json"], { [name]: "/opt/own_icd.json:/gone.json" });
    expect(chosen).toEqual({ state: "ok", found: `Vulkan: /${loader}, drivers: own (${name})` });
    const wrong = await judge(withDriver, { [name]: "/gone.json" });
    expect(wrong).toMatchObject({ state: "not ok", found: `Vulkan: ${name} names /gone.json, which is not there` });
    expect(wrong.advice![0]).toContain(`unset ${name}`);
  });

  it("only notes what lacks where an adapter was found all the same", async () => {
    expect(await judge([], {}, true)).toMatchObject({ state: "note", found: expect.stringContaining("OpenGL") });
  });
});
