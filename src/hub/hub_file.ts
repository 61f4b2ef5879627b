import * as v from "valibot";
import { Failure } from "../errors.ts";
import { isSafe } from "./settings.ts";

/** The hub that a page asks, as `hub.json` beside it says: who hosts the page decides that, and nobody else. */
export interface HubOfPage {
  /** Ends with a slash. */
  readonly endpoint: URL;
  /** What may be connected to, as a content security policy has it: the hub itself, and the hosts that it leads to. */
  readonly sources: readonly string[];
}

export const HUB_FILE = "hub.json";

/** An origin, or all hosts below one: nothing that could end the directive in which it stands. */
const source = v.pipe(v.string(), v.regex(/^https?:\/\/(\*\.)?[\w.-]+(:\d+)?$/));
const schema = v.object({ endpoint: v.string(), leads_to: v.array(source) });

/** @throws Failure where it names no hub, or one that others on the way could read */
export function parseHubFile(text: string, source: string): HubOfPage {
  const result = v.safeParse(schema, parsed(text));
  const endpoint = result.success ? URL.parse(result.output.endpoint.replace(/\/*$/, "/")) : null;
  if (!result.success || !endpoint || !isSafe(endpoint)) {
    throw new Failure(`${source} names no hub: expected an endpoint, https or on this machine, and where it leads_to`);
  }
  return { endpoint, sources: [endpoint.origin, ...result.output.leads_to] };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
