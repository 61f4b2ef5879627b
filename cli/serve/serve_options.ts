import { InputError } from "../../src/errors.ts";
import { parseArguments } from "../arguments.ts";

export const DEFAULT_PORT = 7874;
export const DEFAULT_HOST = "127.0.0.1";

export const usage = `pupil serve [--port N] [--host ADDRESS]
  --port  else ${DEFAULT_PORT}, or the next one that is free; 0 is any free one
  --host  the address of this machine to listen on, else ${DEFAULT_HOST}: this machine alone. 0.0.0.0 is all of them, as a
          container needs. Browsers let the page compute and keep runs only at localhost and over HTTPS`;

export interface ServeOptions {
  readonly host: string;
  /** The usual one, or the next that is free, where it is absent. */
  readonly port?: number;
}

/** @throws InputError */
export function readServeOptions(args: readonly string[]): ServeOptions {
  const { flags: { host = DEFAULT_HOST, port } } = parseArguments(args, {
    usage,
    flags: { port: { type: "string" }, host: { type: "string" } },
    positionals: [0, 0],
  });
  return port === undefined ? { host } : { host, port: portOf(port) };
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port < 65536)) throw new InputError(`--port ${text}: a port is a whole number from 0 to 65535`);
  return port;
}
