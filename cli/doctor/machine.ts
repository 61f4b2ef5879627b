import type { Files } from "../../src/host.ts";
import { DenoFiles } from "../host/deno_files.ts";
import { realGpu } from "../host/real_gpu.ts";

/** What the doctor looks at outside of Pupil, so that tests can show it another machine. */
export interface Machine {
  /** As Deno calls it: linux, darwin, windows. */
  readonly os: string;
  readonly arch: string;
  readonly denoVersion: string;
  /** The whole disk, from its root. */
  readonly disk: Files;
  /** An environment variable; undefined where it is unset, empty or may not be read. */
  variable(name: string): string | undefined;
  readonly webgpu: GPU | undefined;
  /** The GPU that the machine was given, as far as the launcher could tell. */
  readonly realGpu: string | undefined;
}

export function thisMachine(): Machine {
  return {
    os: Deno.build.os,
    arch: Deno.build.arch,
    denoVersion: Deno.version.deno,
    disk: new DenoFiles("/"),
    variable(name) {
      const { state } = Deno.permissions.querySync({ name: "env", variable: name });
      return state === "granted" ? Deno.env.get(name) || undefined : undefined;
    },
    webgpu: navigator.gpu,
    realGpu: realGpu(),
  };
}

/** The names in a folder; none where it is not there or may not be looked into. */
export async function namesIn({ disk }: Machine, folder: string): Promise<string[]> {
  return await disk.list(folder.replace(/^\//, "")).catch(() => []);
}
