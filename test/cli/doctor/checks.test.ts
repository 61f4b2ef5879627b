import { beforeAll, describe, expect, it } from "vitest";
import { attempt, findingText } from "../../../cli/doctor/finding.ts";
import { kernelCases, kernelFinding, largestError } from "../../../cli/doctor/kernel_check.ts";
import { limitsFinding } from "../../../cli/doctor/limits.ts";
import { softwareFinding, systemFinding } from "../../../cli/doctor/software.ts";
import { repeatFinding } from "../../../cli/doctor/training_check.ts";
import { rowStatsReference } from "../../../kernels/row_stats/reference.ts";
import { InputError, Interrupted } from "../../../src/errors.ts";
import type { Gpu } from "../../../src/gpu/device.ts";
import { testGpu } from "../../gpu/open_test_gpu.ts";
import { MemoryFiles } from "../../host/memory_files.ts";
import { otherMachine } from "./other_machine.ts";

describe("the doctor's kernel check", () => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await testGpu();
  });

  it.each(kernelCases)("passes: $variant", async (kernelCase) => {
    expect(await kernelFinding(gpu, kernelCase)).toMatchObject({ state: "ok" });
  });

  it("fails where the kernel is further off than is allowed", async () => {
    expect(await kernelFinding(gpu, { ...kernelCases[0]!, allowed: 1e-12 })).toMatchObject({
      state: "not ok",
      advice: [expect.stringContaining("driver")],
    });
  });

  it("sees one wrong score among many, and one that is no number", () => {
    const logits = Float32Array.from([1, 2, 3, 0, 0, 5]);
    const exact = [logits.subarray(0, 3), logits.subarray(3)].map((row) => rowStatsReference(row))
      .flatMap(({ leastConfidence, margin, entropy, maxLogProbability }) => [
        ...[leastConfidence, margin, entropy, maxLogProbability],
      ]);
    const withScore = (value: number) => Float32Array.from(exact, (score, index) => (index === 6 ? value : score));
    expect(largestError(Float32Array.from(exact), logits, 3)).toBeLessThan(1e-6);
    expect(largestError(withScore(exact[6]! + 0.5), logits, 3)).toBeGreaterThan(0.05);
    expect(largestError(withScore(NaN), logits, 3)).toBe(Infinity);
  });
});

describe("the doctor's other checks", () => {
  it("tell a training that repeats from one that does not, by its last bit", () => {
    expect(repeatFinding([0.1, 0.2], [0.1, 0.2]).state).toBe("ok");
    expect(repeatFinding([0.1, 0.2], [0.1, 0.2 + 2 ** -50]).state).toBe("not ok");
  });

  it("say what the limits mean", () => {
    const limits = {
      maxStorageBufferBindingSize: 2 ** 27,
      maxBufferSize: 2 ** 28,
      maxComputeWorkgroupsPerDimension: 65535,
    } as GPUSupportedLimits;
    const { state, details } = limitsFinding(limits);
    expect([state, ...details!].join("\n")).toMatch(
      /^ok\n128 MiB, 33\.5 million numbers: the largest tensor[^]*\n256 MiB/,
    );
    expect(limitsFinding({ ...limits, maxStorageBufferBindingSize: 2 ** 26 }).state).toBe("note");
  });

  it("know the pinned Deno, and the system's name", async () => {
    const assets = MemoryFiles.of({ pupil: "set -eu\ndeno_version=2.9.6\n" });
    expect((await softwareFinding(otherMachine({ denoVersion: "2.9.6" }), assets)).state).toBe("ok");
    const other = await softwareFinding(otherMachine({ denoVersion: "2.1.0" }), assets);
    expect(other).toMatchObject({ state: "note", found: expect.stringContaining("tested with Deno 2.9.6") });
    const disk = MemoryFiles.of({ "etc/os-release": 'NAME="X"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n' });
    expect((await systemFinding(otherMachine({ disk }))).found).toBe("Debian GNU/Linux 12 (bookworm), x86_64");
    expect((await systemFinding(otherMachine({ os: "darwin", arch: "aarch64" }))).found).toBe("darwin, aarch64");
  });

  it("turn what is thrown into a finding of one line, but for Ctrl-C", async () => {
    const failing = (thrown: Error) => attempt("kernel", () => Promise.reject(thrown));
    expect(await failing(new InputError("it broke\n   at x"))).toEqual({ state: "not ok", found: "kernel: it broke" });
    await expect(failing(new Interrupted())).rejects.toThrow(Interrupted);
  });
});

describe("a finding", () => {
  it("is a line with its state, and what belongs to it below", () => {
    const finding = {
      state: "not ok",
      found: "adapter: none",
      details: ["a"],
      advice: ["install it", "or not"],
    } as const;
    expect(findingText(finding)).toBe(
      "not ok  adapter: none\n        a\n        to do: install it\n               or not\n",
    );
  });
});
