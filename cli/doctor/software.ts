import { type Files, readText } from "../../src/host.ts";
import { versions } from "../run/versions.ts";
import type { Finding } from "./finding.ts";
import type { Machine } from "./machine.ts";

/** Pupil's version, and whether this Deno is the one that it is tested with. */
export async function softwareFinding({ denoVersion }: Machine, assets: Files): Promise<Finding> {
  const { pupil, tfjs } = await versions();
  const pinned = /^deno_version=(\S+)$/m.exec(await readText(assets, "pupil") ?? "")?.[1];
  const found = `Pupil ${pupil}, Deno ${denoVersion}, TensorFlow.js ${tfjs}`;
  if (pinned === undefined || pinned === denoVersion) return { state: "ok", found };
  return {
    state: "note",
    found: `${found}: Pupil is tested with Deno ${pinned}`,
    advice: ["start Pupil by its launcher, ./pupil, which finds or fetches that one"],
  };
}

/** The operating system. */
export async function systemFinding({ os, arch, disk }: Machine): Promise<Finding> {
  const release = await readText(disk, "etc/os-release").catch(() => undefined);
  const name = /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(release ?? "")?.[1];
  return { state: "ok", found: `${name ?? os}, ${arch}` };
}
