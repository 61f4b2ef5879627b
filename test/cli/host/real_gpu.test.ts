import { join } from "node:path";
import { describe, expect, it } from "vitest";

const program = join(import.meta.dirname!, "print_real_gpu.ts");

async function found(seen: string, ...permissions: string[]): Promise<string> {
  const args = ["run", "--no-prompt", ...permissions, program];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args, env: { PUPIL_GPU: seen } }).output();
  return new TextDecoder().decode(stdout);
}

describe("the real GPU", () => {
  it("is what the launcher saw", async () => {
    expect(await found("NVIDIA (/dev/nvidiactl)", "--allow-env=PUPIL_GPU")).toBe("NVIDIA (/dev/nvidiactl)");
  });

  it("is unknown where the launcher saw none, or may not be asked", async () => {
    expect(await found("", "--allow-env=PUPIL_GPU")).toBe("undefined");
    expect(await found("NVIDIA (/dev/nvidiactl)")).toBe("undefined");
  });
});
