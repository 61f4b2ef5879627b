import { join } from "node:path";
import { describe, expect, it } from "vitest";

const program = join(import.meta.dirname!, "interruptible.ts");

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the program, sends it Ctrl-C after each of the lines named, and tells how it ended. */
async function interrupted(command: string, after: readonly string[]): Promise<Ended> {
  const args = ["run", "--no-prompt", "--allow-read", program, command];
  const child = new Deno.Command(Deno.execPath(), { args, stdout: "piped", stderr: "piped" }).spawn();
  const stderr = new Response(child.stderr).text();
  const waiting = [...after];
  let stdout = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    stdout += text;
    while (waiting[0] !== undefined && stdout.includes(waiting[0])) {
      waiting.shift();
      child.kill("SIGINT");
    }
  }
  return { code: (await child.status).code, stdout, stderr: await stderr };
}

describe("Ctrl-C", () => {
  it("lets the command end by itself, and gives 130", async () => {
    const { code, stdout, stderr } = await interrupted("wait", ["ready"]);
    expect(code).toBe(130);
    expect(stdout).toBe("ready\njournal closed\n");
    expect(stderr).toMatch(/^pupil: interrupted/);
  });

  it("ends a command that does not listen, the second time", async () => {
    const { code, stdout } = await interrupted("busy", ["ready", "asked"]);
    expect(code).toBe(130);
    expect(stdout).toBe("ready\nasked\n");
  });
});
