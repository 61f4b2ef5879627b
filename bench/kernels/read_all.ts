import { groupsFor, type KernelLimits, type Plan, u32 } from "../../src/gpu/kernel.ts";
import code from "./read_all.wgsl" with { type: "text" };

const MOST_THREADS = 65536;

/** Reads a buffer of so many bytes once: the floor under every kernel that must see all of its input. */
export function readAll(bytes: number, limits: KernelLimits): Plan {
  const blocks = Math.floor(bytes / 64);
  const threads = Math.max(1, Math.min(MOST_THREADS, blocks));
  return {
    kernel: "read_all",
    inputs: [{ name: "words", bytes }],
    outputs: [{ name: "sums", bytes: threads * 4 }],
    scratch: [],
    dispatches: [{
      shader: { label: "read_all", code },
      bindings: [{ buffer: "words" }, { buffer: "sums" }],
      uniforms: [u32(blocks), u32(threads)],
      groups: groupsFor("read_all", threads, 64, limits),
    }],
  };
}
