/** Refuses what `pupil serve` would refuse, before its page is built for nothing: the first build fetches 220 MB. */
import { Registry } from "../../src/registry.ts";
import { dispatch, exitCode } from "../dispatch.ts";
import { terminalIo } from "../host/terminal.ts";
import { readServeOptions, usage } from "./serve_options.ts";

const check = {
  name: "serve",
  summary: "",
  usage,
  run(args: readonly string[]) {
    readServeOptions(args);
    return Promise.resolve(exitCode.done);
  },
  load: () => Promise.resolve(check),
};
const io = terminalIo(new AbortController().signal);
Deno.exit(await dispatch(["serve", ...Deno.args], new Registry("command", [check]), io));
