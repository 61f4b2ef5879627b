import { fileURLToPath } from "node:url";
import { InputError, Interrupted } from "../../src/errors.ts";
import { parseArguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import { listenAt, listenFrom } from "../serve/listen.ts";
import { readPage } from "../serve/page_files.ts";

const page = fileURLToPath(new URL("../../web/dist", import.meta.url));
const DEFAULT_PORT = 7874;
const DEFAULT_HOST = "127.0.0.1";

const usage = `pupil serve [--port N] [--host ADDRESS]
  --port  else ${DEFAULT_PORT}, or the next one that is free; 0 is any free one
  --host  the address of this machine to listen on, else ${DEFAULT_HOST}: this machine alone. 0.0.0.0 is all of them, as a
          container needs. Browsers let the page compute and keep runs only at localhost and over HTTPS`;

/** The built page on localhost, until Ctrl-C. */
export const serve: Command = {
  name: "serve",
  summary: "The page, in your browser: the same engine, with nothing to install there",
  usage,
  async run(args, io) {
    const { flags } = parseArguments(args, {
      usage,
      flags: { port: { type: "string" }, host: { type: "string" } },
      positionals: [0, 0],
    });
    const host = flags.host ?? DEFAULT_HOST;
    const wanted = flags.port === undefined ? undefined : portOf(flags.port);
    const files = await readPage(page);
    const listening = wanted === undefined
      ? listenFrom(DEFAULT_PORT, host, files, io.signal)
      : listenAt(wanted, host, files, io.signal);
    if (wanted === undefined && listening.port !== DEFAULT_PORT) {
      io.err(
        `pupil: port ${DEFAULT_PORT} is taken, so the page is at another. A browser keeps runs by address: those of ${DEFAULT_PORT} are not seen here\n`,
      );
    }
    io.out(`${listening.url}\n`);
    if (!listening.isPrivate) {
      io.err(
        "pupil: other machines need HTTPS before this address: browsers let the page compute and keep runs only at localhost and over HTTPS\n",
      );
    }
    io.err("pupil: serving the page at this address; Ctrl-C stops it\n");
    await listening.finished;
    throw new Interrupted("stopped; what the page keeps is in the browser");
  },
};

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port < 65536)) throw new InputError(`--port ${text}: a port is a whole number from 0 to 65535`);
  return port;
}
