import type { Sources } from "../../src/experiment/sources.ts";
import type { Io } from "../command.ts";
import { assets } from "./assets.ts";
import { cliHub } from "./cli_hub.ts";
import { userFiles } from "./user_files.ts";

/** Where a plan's names lead on this machine. */
export function sourcesOf(io: Io): Sources {
  return { assets, userFiles: userFiles(io.cwd), hub: cliHub(io) };
}
