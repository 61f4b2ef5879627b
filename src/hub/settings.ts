import { InputError } from "../errors.ts";

/** Which hub is asked, and as whom. */
export interface HubSettings {
  /** Ends with a slash. */
  readonly endpoint: URL;
  readonly token?: string;
  /** How a person without a token gets at what is not for everybody. */
  readonly access: string;
  /** Why only what was fetched before counts, where that is so. */
  readonly offline?: string;
}

export const ENDPOINT = "https://huggingface.co";

/**
 * Reads what Hugging Face's own tools read: `HF_ENDPOINT`, `HF_TOKEN` and `HF_HUB_OFFLINE`.
 *
 * @throws InputError where the endpoint is no address, or one that others on the way could read
 */
export function readHubSettings(variable: (name: string) => string | undefined): HubSettings {
  const given = variable("HF_ENDPOINT") || ENDPOINT;
  const endpoint = URL.parse(given.endsWith("/") ? given : `${given}/`);
  if (!endpoint || !isSafe(endpoint)) {
    throw new InputError(
      `HF_ENDPOINT=${given}: expected an address such as ${ENDPOINT}: https, or http on this machine`,
    );
  }
  const token = variable("HF_TOKEN")?.trim();
  const isOffline = /^(1|true|yes|on)$/i.test(variable("HF_HUB_OFFLINE") ?? "");
  return {
    endpoint,
    ...(token ? { token } : {}),
    access: "set HF_TOKEN to a token that may read it",
    ...(isOffline ? { offline: "HF_HUB_OFFLINE is set" } : {}),
  };
}

/** Whether nobody between here and there reads along: https, or this machine itself. */
export function isSafe({ protocol, hostname }: URL): boolean {
  if (protocol === "https:") return true;
  return protocol === "http:" && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
