import type { Finding } from "./finding.ts";
import { type Machine, namesIn } from "./machine.ts";

const LOADER = "libvulkan.so.1";

/** Where the loader looks for the files that name the drivers. */
const driverFolders = [
  "/usr/share/vulkan/icd.d",
  "/etc/vulkan/icd.d",
  "/usr/local/share/vulkan/icd.d",
  "/usr/local/etc/vulkan/icd.d",
  "/run/opengl-driver/share/vulkan/icd.d",
];

/** Where clusters put NVIDIA's driver into a container, and the loader does not look. */
const hiddenFolders = ["/usr/local/nvidia/share/vulkan/icd.d", "/usr/local/nvidia/vulkan/icd.d"];

/** These replace the loader's folders by a list of files; the first is the newer name of the second. */
const driverVariables = ["VK_DRIVER_FILES", "VK_ICD_FILENAMES"];

/** What there is for Vulkan on a Linux system. */
export interface Vulkan {
  readonly loader: string | undefined;
  /** Files that name a driver, and are there. */
  readonly drivers: readonly string[];
  /** The variable that chooses the drivers, where one is set, and the files in it that are missing. */
  readonly chosen: { readonly variable: string; readonly missing: readonly string[] } | undefined;
  /** NVIDIA's driver, in a place where the loader does not look. */
  readonly hidden: string | undefined;
}

export async function lookForVulkan(machine: Machine): Promise<Vulkan> {
  return {
    loader: (await filesIn(machine, libraryFolders(machine.arch), (name) => name === LOADER))[0],
    ...await driversOf(machine),
    hidden: (await filesIn(machine, hiddenFolders, isDriver))[0],
  };
}

/** Whether nothing lacks, as far as files can tell. */
export function isWhole({ loader, drivers }: Vulkan): boolean {
  return loader !== undefined && drivers.length > 0;
}

/** What is wrong weighs less where an adapter was found all the same: Deno then came by OpenGL. */
export function vulkanFinding(vulkan: Vulkan, hasAdapter: boolean): Finding {
  const { loader, drivers, chosen } = vulkan;
  if (isWhole(vulkan)) {
    const names = drivers.map(driverName).join(", ");
    return { state: "ok", found: `Vulkan: ${loader}, drivers: ${names}${chosen ? ` (${chosen.variable})` : ""}` };
  }
  const state = hasAdapter ? "note" : "not ok";
  const way = hasAdapter ? "; the adapter was found by OpenGL, which compiles kernels slowly" : "";
  if (loader === undefined) {
    return { state, found: `Vulkan: no loader, ${LOADER}, in the system's library folders${way}`, advice: install };
  }
  if (chosen) {
    return {
      state,
      found: `Vulkan: ${chosen.variable} names ${chosen.missing.join(", ")}, which is not there${way}`,
      advice: [`unset ${chosen.variable}, or set it to the .json file of a driver`],
    };
  }
  return { state, found: `Vulkan: no driver in ${driverFolders.slice(0, 2).join(" or ")}${way}`, advice: install };
}

const install = [
  "Debian, Ubuntu: apt-get install mesa-vulkan-drivers libvulkan1",
  "Fedora: dnf install mesa-vulkan-drivers vulkan-loader",
];

async function driversOf(machine: Machine): Promise<Pick<Vulkan, "drivers" | "chosen">> {
  const variable = driverVariables.find((name) => machine.variable(name) !== undefined);
  if (variable === undefined) return { drivers: await filesIn(machine, driverFolders, isDriver), chosen: undefined };
  const files = machine.variable(variable)!.split(":").filter((path) => path !== "");
  const there = await Promise.all(files.map((path) => isThere(machine, path)));
  return {
    drivers: files.filter((_, index) => there[index]),
    chosen: { variable, missing: files.filter((_, index) => !there[index]) },
  };
}

function libraryFolders(arch: string): string[] {
  const folders = [`${arch}-linux-gnu`, ""].flatMap((
    name,
  ) => [`/usr/lib/${name}`, `/lib/${name}`, `/usr/local/lib/${name}`]);
  return [...folders, "/usr/lib64", "/lib64", "/run/current-system/sw/lib"].map((folder) => folder.replace(/\/$/, ""));
}

function isDriver(name: string): boolean {
  return name.endsWith(".json");
}

/** "lvp" for lvp_icd.x86_64.json. */
function driverName(path: string): string {
  return path.split("/").at(-1)!.replace(/(_icd)?(\.[^.]+)?\.json$/, "");
}

/** A driver variable may also name a folder of such files. */
async function isThere(machine: Machine, path: string): Promise<boolean> {
  const cut = path.lastIndexOf("/");
  return (await namesIn(machine, path.slice(0, cut))).includes(path.slice(cut + 1));
}

async function filesIn(
  machine: Machine,
  folders: readonly string[],
  wanted: (name: string) => boolean,
): Promise<string[]> {
  const found = await Promise.all(
    folders.map(async (folder) => (await namesIn(machine, folder)).filter(wanted).map((name) => `${folder}/${name}`)),
  );
  return found.flat();
}
