import { Failure } from "../../src/errors.ts";
import { answer } from "./answer.ts";
import type { PageFiles } from "./page_files.ts";

export interface Listening {
  /** Where a browser on this machine finds the page. Ends with a slash. */
  readonly url: string;
  /** Whether no other machine can ask for it. */
  readonly isPrivate: boolean;
  readonly port: number;
  /** Resolves once the server has stopped. */
  readonly finished: Promise<void>;
}

/** How many ports are tried. */
const TRIES = 20;

/**
 * Serves a page from the first free port from `port` on, until the signal fires. Port 0 is any free one.
 *
 * @throws Failure where none of twenty is free, or the host is not of this machine
 */
export function listenFrom(port: number, host: string, files: PageFiles, signal: AbortSignal): Listening {
  for (let tried = 0; tried < TRIES && port + tried < 65536; tried++) {
    const listening = tryPort(port + tried, host, files, signal);
    if (listening) return listening;
  }
  throw new Failure(`none of the ports ${port} to ${port + TRIES - 1} is free; name another: --port N`);
}

/**
 * Serves a page from `port` and no other.
 *
 * @throws Failure where it is taken, or the host is not of this machine
 */
export function listenAt(port: number, host: string, files: PageFiles, signal: AbortSignal): Listening {
  const listening = tryPort(port, host, files, signal);
  if (!listening) {
    throw new Failure(`port ${port} is taken; name another, or leave --port out to take one that is free`);
  }
  return listening;
}

/** Undefined where the port is taken. */
function tryPort(port: number, hostname: string, files: PageFiles, signal: AbortSignal): Listening | undefined {
  try {
    const server = Deno.serve({ port, hostname, signal, onListen() {} }, (request) => answer(request, files));
    return {
      url: `http://${visited(server.addr.hostname)}:${server.addr.port}/`,
      isPrivate: /^127\.|^::1$/.test(server.addr.hostname),
      port: server.addr.port,
      finished: server.finished,
    };
  } catch (thrown) {
    if (thrown instanceof Deno.errors.AddrInUse) return undefined;
    if (thrown instanceof Deno.errors.PermissionDenied) {
      throw new Failure(`port ${port} is not open to this user: ${thrown.message}`);
    }
    if (thrown instanceof Deno.errors.NotCapable) throw thrown;
    throw new Failure(`cannot listen on ${hostname}: ${thrown instanceof Error ? thrown.message : thrown}`);
  }
}

/** The host of an address of the page: "all of this machine's" is none that a browser can visit, and an IPv6 address stands in brackets. */
function visited(host: string): string {
  const one = { "0.0.0.0": "127.0.0.1", "::": "::1" }[host] ?? host;
  return one.includes(":") ? `[${one}]` : one;
}
