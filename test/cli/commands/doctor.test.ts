import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { doctor } from "../../../cli/commands/doctor.ts";
import { examine } from "../../../cli/doctor/examine.ts";
import type { Finding } from "../../../cli/doctor/finding.ts";
import type { Machine } from "../../../cli/doctor/machine.ts";
import { assets } from "../../../cli/host/assets.ts";
import { denoClock } from "../../../cli/host/deno_clock.ts";
import { InputError, Interrupted } from "../../../src/errors.ts";
import { otherMachine } from "../doctor/other_machine.ts";
import { FakeIo } from "../fake_io.ts";

const root = join(import.meta.dirname!, "../../..");

async function findings(machine: Machine, signal?: AbortSignal): Promise<Finding[]> {
  const services = { assets, clock: denoClock, ...(signal ? { signal } : {}) };
  return await Array.fromAsync(examine(machine, { adapter: undefined, software: true }, services));
}

describe("pupil doctor", () => {
  it("checks this machine, and says that Pupil can run", async () => {
    const io = new FakeIo();
    expect(await doctor.run(["--software"], io)).toBe(0);
    expect(io.stdout).toMatch(/^ok {6}Pupil [^]*adapter: [^]*ok {6}limits[^]*\nPupil can run here\.\n$/);
    expect(io.stdout.match(/^ok {6}kernel row_stats/gm)).toHaveLength(2);
    expect(io.stdout).toMatch(/^ok {6}training: .* the same to the bit/m);
    expect(io.stdout).toMatch(/^ok {6}an empty submission takes \d/m);
  });

  it("does so with the permissions that the launcher gives it", async () => {
    const options = { args: ["doctor", "--software"], cwd: root };
    const { code, stdout } = await new Deno.Command(join(root, "pupil"), options).output();
    expect(new TextDecoder().decode(stdout)).toMatch(/Pupil can run here\.\n$/);
    expect(code).toBe(0);
  });

  it("gives 1, and looks no further, where there is no adapter that it may take", async () => {
    const io = new FakeIo();
    expect(await doctor.run(["--adapter", "no such maker"], io)).toBe(1);
    expect(io.stdout).toMatch(/^not ok {2}adapter: .*'no such maker'/m);
    expect(io.stdout).toMatch(/\nPupil cannot run here until [^\n]*\n$/);
    const states = (await findings(otherMachine())).map(({ state }) => state);
    expect(states).toEqual(["ok", "ok", "ok", "not ok"]);
  });

  it("reports a device that cannot be opened", async () => {
    const adapter = {
      info: { description: "broken", vendor: "", architecture: "", device: "" },
      limits: {},
      features: new Set(),
      requestDevice: () => Promise.reject(new DOMException("out of memory")),
    };
    const webgpu = { requestAdapter: () => Promise.resolve(adapter) } as unknown as GPU;
    expect((await findings(otherMachine({ webgpu }))).at(-1)).toEqual({
      state: "not ok",
      found: "device: out of memory",
    });
  });

  it("stops at Ctrl-C", async () => {
    await expect(findings(otherMachine({ webgpu: navigator.gpu }), AbortSignal.abort())).rejects.toThrow(Interrupted);
  });

  it("refuses what it does not know", async () => {
    await expect(doctor.run(["--sofware"], new FakeIo())).rejects.toThrow(/Did you mean --software\?/);
    await expect(doctor.run(["x"], new FakeIo())).rejects.toThrow(InputError);
  });
});
