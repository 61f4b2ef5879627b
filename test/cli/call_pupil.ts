import { join } from "node:path";
import { commands } from "../../cli/commands.ts";
import { dispatch } from "../../cli/dispatch.ts";
import { FakeIo } from "./fake_io.ts";

export const root = join(import.meta.dirname!, "../..");

/** How a call of `pupil` ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Calls `pupil` in this process, from the folder `cwd`. */
export async function callPupil(cwd: string, ...args: string[]): Promise<Ended> {
  const io = new FakeIo(false, cwd, 100);
  const code = await dispatch(args, commands, io);
  return { code, stdout: io.stdout, stderr: io.stderr };
}

/** `pupil` in a process of its own. */
export interface Started {
  kill(signal: Deno.Signal): void;
  readonly ended: Promise<Ended>;
}

/** Starts `pupil` with the permissions that the launcher gives `run`. It may write below `cwd`. */
export function startPupil(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Started {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--config", join(root, "deno.json"), "--frozen", "--allow-read"],
      ...["--allow-env=PUPIL_GPU,PUPIL_CACHE,HF_ENDPOINT,HF_TOKEN,HF_HUB_OFFLINE,LOG_TOKENS,LOG_STREAM"],
      ...["--allow-net=127.0.0.1", `--allow-write=${cwd}`, join(root, "cli/main.ts")],
      ...args,
    ],
    cwd,
    env: { NO_COLOR: "1", XDG_RUNTIME_DIR: cwd, PUPIL_GPU: "", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const ended = child.output().then(({ code, stdout, stderr }) => ({
    code,
    stdout: new TextDecoder().decode(stdout),
    stderr: new TextDecoder().decode(stderr),
  }));
  return { kill: (signal) => child.kill(signal), ended };
}
