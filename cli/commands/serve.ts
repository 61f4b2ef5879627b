import { fileURLToPath } from "node:url";
import { Interrupted } from "../../src/errors.ts";
import type { Command } from "../command.ts";
import { listenAt, listenFrom } from "../serve/listen.ts";
import { readPage } from "../serve/page_files.ts";
import { DEFAULT_PORT, readServeOptions, usage } from "../serve/serve_options.ts";

const page = fileURLToPath(new URL("../../web/dist", import.meta.url));

/** The built page on localhost, until Ctrl-C. */
export const serve: Command = {
  name: "serve",
  summary: "The page, in your browser: the same engine, with nothing to install there",
  usage,
  async run(args, io) {
    const { host, port } = readServeOptions(args);
    const files = await readPage(page);
    const listening = port === undefined
      ? listenFrom(DEFAULT_PORT, host, files, io.signal)
      : listenAt(port, host, files, io.signal);
    if (port === undefined && listening.port !== DEFAULT_PORT) {
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
