import type { Machine } from "../../../cli/doctor/machine.ts";
import { MemoryFiles } from "../../host/memory_files.ts";

/** A machine that the doctor is shown in place of this one: by default Debian with a Vulkan driver, and no adapter. */
export function otherMachine(
  { files = withDriver, variables = {}, ...rest }: Partial<Machine> & {
    /** Paths of the disk, without the slash in front. */
    readonly files?: readonly string[];
    readonly variables?: Readonly<Record<string, string>>;
  } = {},
): Machine {
  return {
    os: "linux",
    arch: "x86_64",
    denoVersion: Deno.version.deno,
    disk: MemoryFiles.of(Object.fromEntries(files.map((path) => [path, "{}"]))),
    variable: (name) => variables[name],
    webgpu: { requestAdapter: () => Promise.resolve(null) } as unknown as GPU,
    realGpu: undefined,
    ...rest,
  };
}

export const loader = "usr/lib/x86_64-linux-gnu/libvulkan.so.1";
export const withDriver = [loader, "usr/share/vulkan/icd.d/lvp_icd.x86_64.json"];

/** An adapter that can only be asked for its name. */
export function adapterCalled(description: string, vendor = "65541"): GPU {
  const info = { description, vendor, architecture: "", device: "" };
  return { requestAdapter: () => Promise.resolve({ info }) } as unknown as GPU;
}
