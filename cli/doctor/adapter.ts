import { adapterName, INSTALL_ADVICE, isSoftware, requestAdapter } from "../../src/gpu/adapter.ts";
import { messageOf } from "../../src/errors.ts";
import type { GpuChoice } from "../host/open_gpu.ts";
import type { Finding } from "./finding.ts";
import type { Machine } from "./machine.ts";
import { isWhole, type Vulkan } from "./vulkan.ts";

/** The adapter that Pupil would take, or why there is none. */
export type FoundAdapter = { readonly adapter: GPUAdapter } | { readonly adapter: undefined; readonly why: string };

export async function findAdapter({ webgpu }: Machine, { adapter: named }: GpuChoice): Promise<FoundAdapter> {
  try {
    // A software adapter is judged here, not refused.
    return { adapter: await requestAdapter(webgpu, { software: true, ...(named === undefined ? {} : { named }) }) };
  } catch (thrown) {
    return { adapter: undefined, why: messageOf(thrown) };
  }
}

export function adapterFinding(
  found: FoundAdapter,
  { os, realGpu }: Machine,
  choice: GpuChoice,
  vulkan: Vulkan | undefined,
): Finding {
  if (!found.adapter) return noAdapter(found.why, choice, vulkan);
  const { info } = found.adapter;
  const isHardware = !isSoftware(info);
  const name = `adapter: ${adapterName(info)}`;
  const details = [
    `${isHardware ? "hardware" : "software"}; maker ${makerOf(info.vendor)}${
      info.architecture ? `, architecture ${info.architecture}` : ""
    }`,
    // Elsewhere the launcher does not look.
    ...(os === "linux"
      ? [`GPU of this machine: ${realGpu ?? "none of NVIDIA, AMD or Intel that the launcher saw"}`]
      : []),
  ];
  if (isHardware) return { state: "ok", found: name, details };
  const slow = "it computes on the CPU, about 50 times slower than a GPU";
  if (realGpu === undefined) return { state: "note", found: `${name}, a software adapter: ${slow}`, details };
  return {
    state: choice.software ? "note" : "not ok",
    found: `${name}, a software adapter, though this machine has a GPU: ${slow}`,
    details,
    advice: [
      ...driverAdvice(realGpu, vulkan),
      ...(choice.software ? [] : ["to go on without it, pass --software to this and every other command"]),
    ],
  };
}

function noAdapter(why: string, { adapter: named }: GpuChoice, vulkan: Vulkan | undefined): Finding {
  const found = `adapter: ${why.replace(`. ${INSTALL_ADVICE}`, "")}`;
  const advice = (line: string): Finding => ({ state: "not ok", found, advice: [line] });
  if (named !== undefined && why.includes(`'${named}'`)) {
    return advice("leave out --adapter, or give it a part of the name that is offered");
  }
  if (!vulkan) return advice("install or update the driver of this machine's graphics card");
  if (isWhole(vulkan)) {
    return advice("the Vulkan drivers above find no device; vulkaninfo --summary (Debian: vulkan-tools) says more");
  }
  return { state: "not ok", found, advice: ["see to Vulkan first, as above"] };
}

/** What brings the Vulkan driver of a GPU that is there. */
function driverAdvice(realGpu: string, vulkan: Vulkan | undefined): string[] {
  if (vulkan?.hidden !== undefined && realGpu.startsWith("NVIDIA")) {
    return [`NVIDIA's driver lies where it is not looked for: export VK_DRIVER_FILES=${vulkan.hidden}`];
  }
  if (realGpu.startsWith("NVIDIA")) {
    return [
      "in a container: give it the 'graphics' driver capability, such as docker run --gpus all " +
      "-e NVIDIA_DRIVER_CAPABILITIES=compute,utility,graphics, and install libvulkan1 in it",
      "elsewhere: install the Vulkan part of NVIDIA's driver (Debian: nvidia-vulkan-icd, Ubuntu: libnvidia-gl-VERSION)",
    ];
  }
  return [
    "in a container: give it the device, such as docker run --device /dev/dri",
    "install its Vulkan driver (Debian: mesa-vulkan-drivers), and let the user into the group 'render'",
  ];
}

/** By PCI number, as Deno gives it; Chromium gives a name. */
function makerOf(vendor: string): string {
  const names: Readonly<Record<number, string>> = {
    0x1002: "AMD",
    0x10de: "NVIDIA",
    0x8086: "Intel",
    0x106b: "Apple",
    0x13b5: "ARM",
    0x1414: "Microsoft",
    0x5143: "Qualcomm",
    0x10005: "Mesa",
  };
  const number = /^\d+$/.test(vendor) ? Number(vendor) : undefined;
  if (number === undefined) return vendor || "unknown";
  return names[number] ?? `0x${number.toString(16)}`;
}
