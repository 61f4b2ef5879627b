import { InputError } from "../errors.ts";

/** Which hub is asked, and as whom. */
export interface HubSettings {
  /** Ends with a slash. */
  readonly endpoint: URL;
  readonly token?: string;
  /** Whether only what was fetched before counts. */
  readonly offline: boolean;
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
  return {
    endpoint,
    ...(token ? { token } : {}),
    offline: /^(1|true|yes|on)$/i.test(variable("HF_HUB_OFFLINE") ?? ""),
  };
}

/** Whether nobody between here and there reads along: https, or this machine itself. */
export function isSafe({ protocol, hostname }: URL): boolean {
  if (protocol === "https:") return true;
  return protocol === "http:" && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
