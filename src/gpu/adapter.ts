import { Failure } from "../errors.ts";

/** What a person calls an adapter. Deno fills `description`; Chromium leaves it empty and gives vendor and architecture. */
export function adapterName(info: GPUAdapterInfo): string {
  return info.description || [info.vendor, info.architecture, info.device].filter(Boolean).join(" ") ||
    "unnamed adapter";
}

/** Whether an adapter computes on the CPU: llvmpipe, lavapipe, SwiftShader, Microsoft's WARP. */
export function isSoftware(info: GPUAdapterInfo): boolean {
  return info.isFallbackAdapter === true || /llvmpipe|lavapipe|swiftshader|basic render/i.test(adapterName(info));
}

/** What the caller knows of the machine and wants of it. */
export interface AdapterWish {
  /** Take only an adapter whose name holds this, ignoring case. */
  readonly named?: string;
  /** The real GPU that the machine has, as far as the host can tell, such as "NVIDIA (0x10de)". */
  readonly present?: string;
  /** Accept a software adapter although a real GPU is present. */
  readonly software: boolean;
}

export const INSTALL_ADVICE = "On Debian: apt-get install mesa-vulkan-drivers libvulkan1. Then: ./pupil doctor";

/**
 * Asks the host for an adapter and refuses one that would mislead.
 *
 * @throws Failure where there is none, or none of that name
 * @throws SoftwareRefused where only a software adapter was found on a machine with a real GPU
 */
export async function requestAdapter(gpu: GPU | undefined, wish: AdapterWish): Promise<GPUAdapter> {
  if (!gpu) throw new Failure("this host has no WebGPU");
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) throw new Failure(`no GPU adapter. ${INSTALL_ADVICE}`);
  const name = adapterName(adapter.info);
  if (wish.named && !name.toLowerCase().includes(wish.named.toLowerCase())) {
    throw new Failure(`no adapter is called '${wish.named}'; the host offers '${name}'`);
  }
  if (wish.present && isSoftware(adapter.info) && !wish.software) throw new SoftwareRefused(wish.present, name);
  return adapter;
}

/** A real GPU is there, but only a software adapter was found: about 50 times slower, so it is never taken silently. */
export class SoftwareRefused extends Error {
  override readonly name = "SoftwareRefused";
  constructor(present: string, found: string) {
    super(
      `this machine has a GPU, ${present}, but only the software adapter '${found}' was found: its Vulkan driver is missing ` +
        `(a container needs the 'graphics' driver capability).\nInstall it, or pass --software to go on about 50 times slower.`,
    );
  }
}
